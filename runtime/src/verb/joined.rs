//! A list that is joined while it is sent, so that a long one is never in memory a second time.

use bytes::{BufMut, Bytes, BytesMut};

use crate::object::{Chunk, EncodedList};

/// How much is joined at once, if the objects are smaller: more than hyper takes before it writes, so that there is one
/// piece at a time, and enough that the allocator keeps its memory for the next one.
const PIECE: usize = 512 * 1024;

/// From this size on bytes are sent as they are; to copy fewer costs less than a write of their own.
const DIRECT: usize = 16 * 1024;

/// The pieces of a list.
pub(super) struct Joined {
    /// What comes next, before the chunks: what is around the items, and what was found to be sent as it is.
    ready: Option<Bytes>,
    head: Vec<u8>,
    chunks: std::vec::IntoIter<Chunk>,
    /// Whether there was an object before.
    comma: bool,
    tail: &'static [u8],
    /// Bytes that are still to be sent.
    length: usize,
}

impl Joined {
    /// `head`, the objects with a comma between them, and `tail`.
    pub(super) fn new(head: Vec<u8>, list: EncodedList, tail: &'static [u8]) -> Self {
        let chunks = list.into_chunks();
        let commas = chunks.iter().filter(|chunk| matches!(chunk, Chunk::One(_))).count();
        // The first object has none.
        let items = (commas + chunks.iter().map(|chunk| chunk.bytes().len()).sum::<usize>()).saturating_sub(1);
        let length = head.len() + items + tail.len();
        Self { ready: None, head, chunks: chunks.into_iter(), comma: false, tail, length }
    }

    /// How many bytes are still to be sent.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let piece = self.ready.take().or_else(|| self.piece())?;
        self.length = self.length.saturating_sub(piece.len());
        Some(piece)
    }

    fn piece(&mut self) -> Option<Bytes> {
        if self.length == 0 {
            return None;
        }
        let mut piece = BytesMut::new();
        piece.put_slice(&std::mem::take(&mut self.head));
        while let Some(chunk) = self.chunks.as_slice().first() {
            let size = chunk.bytes().len();
            if size < DIRECT && !piece.is_empty() && piece.len() + 1 + size > PIECE {
                return Some(piece.freeze());
            }
            let Some(chunk) = self.chunks.next() else { break };
            let first = !std::mem::replace(&mut self.comma, true);
            let bytes = match chunk {
                Chunk::Joined(bytes) if first => bytes.slice(1.min(bytes.len())..),
                Chunk::Joined(bytes) => bytes,
                Chunk::One(bytes) => {
                    if !first {
                        piece.put_u8(b',');
                    }
                    bytes
                }
            };
            if size < DIRECT {
                if piece.capacity() == piece.len() {
                    piece.reserve(self.length.min(PIECE).saturating_sub(piece.len()).max(size));
                }
                piece.put_slice(&bytes);
            } else if piece.is_empty() {
                return Some(bytes);
            } else {
                self.ready = Some(bytes);
                return Some(piece.freeze());
            }
        }
        piece.put_slice(std::mem::take(&mut self.tail));
        Some(piece.freeze())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::object::Encoded;

    fn pieces(mut joined: Joined) -> Vec<Bytes> {
        std::iter::from_fn(|| joined.next()).collect()
    }

    proptest! {
        #[test]
        fn a_list_arrives_whole_and_in_order_with_the_length_that_was_told(
            chunks in proptest::collection::vec(
                (any::<bool>(), proptest::collection::vec(prop_oneof![0..300_usize, DIRECT - 3..DIRECT + 3, Just(PIECE)], 1..4)),
                0..12,
            ),
        ) {
            let mut list = EncodedList::default();
            let mut expected: Vec<Bytes> = Vec::new();
            for (joined, sizes) in chunks {
                let items: Vec<Bytes> = (b'a'..=b'z').cycle().skip(expected.len()).zip(&sizes)
                    .map(|(byte, size)| Bytes::from(vec![byte; *size])).collect();
                expected.extend(items.iter().cloned());
                if joined {
                    let bytes: Vec<u8> = items.iter().flat_map(|item| [b","[..].to_vec(), item.to_vec()].concat()).collect();
                    list.push_joined(bytes.into(), sizes.into_iter());
                } else {
                    for item in items {
                        list.push(Encoded::new(item));
                    }
                }
            }
            prop_assert_eq!(list.len(), expected.len());
            prop_assert!(list.iter().map(Encoded::into_json).eq(expected.iter().cloned()));
            let whole = [b"[", &expected.join(&b","[..])[..], b"]"].concat();
            let joined = Joined::new(b"[".to_vec(), list, b"]");
            prop_assert_eq!(joined.length(), whole.len());
            let pieces = pieces(joined);
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty()));
            prop_assert!(pieces.concat() == whole);
        }
    }

    #[test]
    fn no_piece_of_a_list_is_larger_than_it_has_to_be() {
        let mut list = EncodedList::default();
        (0..1500).for_each(|_| list.push(Encoded::new(vec![b'x'; 1000].into())));
        let pieces = pieces(Joined::new(Vec::new(), list, b""));
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(pieces.len(), 3);
    }
}
