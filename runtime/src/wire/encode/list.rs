//! A list, joined of items that are encoded already.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// What stands around the items of a list (contract 4.7.1, 4.7.4, 4.7.5).
///
/// ```
/// use rest_resource::wire::encode::ListWriter;
///
/// let list = ListWriter {
///     api_version: "wardle.example.com/v1",
///     kind: "FlunderList",
///     resource_version: "7",
///     continue_token: None,
///     remaining_item_count: None,
/// };
/// let items: [&[u8]; 1] = [br#"{"kind":"Flunder"}"#];
/// assert_eq!(
///     list.write(items.iter()),
///     r#"{"kind":"FlunderList","apiVersion":"wardle.example.com/v1","metadata":{"resourceVersion":"7"},"items":[{"kind":"Flunder"}]}"#
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ListWriter<'a> {
    /// The group and version of the items.
    pub api_version: &'a str,
    /// The Kind of the list, for example `FlunderList`.
    pub kind: &'a str,
    /// The snapshot that the list shows; left out if empty.
    pub resource_version: &'a str,
    /// Where the next page starts, if there is one.
    pub continue_token: Option<&'a str>,
    /// How many items remain behind this page, if that is known.
    pub remaining_item_count: Option<u64>,
}

/// All but the items, in the order in which Kubernetes writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    kind: &'a str,
    api_version: &'a str,
    metadata: Metadata<'a>,
    /// Always there, `[]` at the least (contract 0.13).
    items: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    resource_version: &'a str,
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    continue_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_item_count: Option<u64>,
}

impl ListWriter<'_> {
    /// What stands behind the last item.
    const END: &'static [u8] = b"]}";

    /// The list as compact JSON; each item is one JSON object and is copied once.
    pub fn write<I: AsRef<[u8]>>(&self, items: impl Iterator<Item = I> + Clone) -> Bytes {
        self.write_exactly(items).freeze()
    }

    /// What stands before the first item; behind the last one stands `]}`, and a comma between two.
    pub fn head(&self) -> Vec<u8> {
        let head = Head {
            kind: self.kind,
            api_version: self.api_version,
            metadata: Metadata {
                resource_version: self.resource_version,
                continue_token: self.continue_token,
                remaining_item_count: self.remaining_item_count,
            },
            items: [],
        };
        // Strings and numbers always encode.
        let mut head = serde_json::to_vec(&head).unwrap_or_default();
        head.truncate(head.len().saturating_sub(Self::END.len()));
        head
    }

    fn write_exactly<I: AsRef<[u8]>>(&self, items: impl Iterator<Item = I> + Clone) -> BytesMut {
        let head = self.head();
        let items_length: usize = items.clone().map(|item| item.as_ref().len() + 1).sum();
        let mut list = BytesMut::with_capacity(head.len() + items_length.saturating_sub(1) + Self::END.len());
        list.put_slice(&head);
        for (position, item) in items.enumerate() {
            if position > 0 {
                list.put_u8(b',');
            }
            list.put_slice(item.as_ref());
        }
        list.put_slice(Self::END);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: ListWriter<'_> = ListWriter {
        api_version: "v1",
        kind: "PodList",
        resource_version: "",
        continue_token: None,
        remaining_item_count: None,
    };

    fn text(list: &ListWriter<'_>, items: &[&str]) -> String {
        String::from_utf8(list.write(items.iter()).to_vec()).unwrap()
    }

    #[test]
    fn c0_13_an_empty_list_has_items() {
        assert_eq!(text(&LIST, &[]), r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]}"#);
    }

    #[test]
    fn c4_7_4_the_metadata_of_a_page() {
        let list =
            ListWriter { resource_version: "12", continue_token: Some("a\"b"), remaining_item_count: Some(3), ..LIST };
        assert_eq!(
            text(&list, &[r#"{"a":1}"#, "{}"]),
            r#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"12","continue":"a\"b","remainingItemCount":3},"items":[{"a":1},{}]}"#
        );
    }

    #[test]
    fn c4_7_1_the_buffer_is_of_the_exact_size() {
        for items in [&[][..], &["{}"], &["{}", r#"{"a":1}"#]] {
            let list = LIST.write_exactly(items.iter());
            assert_eq!(list.capacity(), list.len());
        }
    }
}
