//! What a client expects of an object that it deletes (contract 4.10.8).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::status::{GroupKind, GroupResource, Result, Status};

/// What must be true of an object for it to be deleted; else 409 (contract 4.10.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// Its uid.
    pub uid: Option<String>,
    /// Its resource version.
    pub resource_version: Option<String>,
}

impl Preconditions {
    /// 409 where `meta`, of the object that is to be deleted, is not as the client expects; where it says nothing, its
    /// uid and its resource version are empty texts. The message qualifies the name by the Kind, as only this one does
    /// (contract 4.10.8).
    ///
    /// ```
    /// use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
    /// use rest_resource::{GroupKind, Preconditions};
    ///
    /// let meta = ObjectMeta { uid: Some("4711".to_owned()), ..ObjectMeta::default() };
    /// let kind = GroupKind::new("wardle.example.com", "Flunder");
    /// let expected = Preconditions { uid: Some("815".to_owned()), ..Preconditions::default() };
    /// assert_eq!(expected.check(&kind, "a", &meta).unwrap_err().code(), 409);
    /// assert!(Preconditions::default().check(&kind, "a", &meta).is_ok());
    /// ```
    pub fn check(&self, kind: &GroupKind, name: &str, meta: &ObjectMeta) -> Result<()> {
        for (what, expected, actual, happened) in [
            ("UID", &self.uid, &meta.uid, "deleted and then recreated"),
            ("ResourceVersion", &self.resource_version, &meta.resource_version, "modified"),
        ] {
            let Some(expected) = expected else { continue };
            let actual = actual.as_deref().unwrap_or_default();
            if expected != actual {
                let why = format_args!(
                    "the {what} in the precondition ({expected}) does not match the {what} in record ({actual}). \
                     The object might have been {happened}"
                );
                let qualified = GroupResource::new(kind.group.clone(), kind.kind.clone());
                return Err(Status::conflict(&qualified, name, why));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: (Option<&str>, Option<&str>), uid: &str, resource_version: Option<&str>) -> Result<()> {
        let text = |text: &str| text.to_owned();
        let expected = Preconditions { uid: expected.0.map(text), resource_version: expected.1.map(text) };
        let (uid, resource_version) = (Some(text(uid)), resource_version.map(text));
        let meta = ObjectMeta { uid, resource_version, ..ObjectMeta::default() };
        expected.check(&GroupKind::new("wardle.example.com", "Flunder"), "a", &meta)
    }

    #[test]
    fn c4_10_8_preconditions_name_what_is_expected_and_what_is() {
        for expected in [(None, None), (Some("u"), None), (None, Some("7")), (Some("u"), Some("7"))] {
            assert_eq!(check(expected, "u", Some("7")), Ok(()));
        }
        let prefix = "Operation cannot be fulfilled on Flunder.wardle.example.com \"a\": the";
        let status = check((Some("u"), Some("8")), "v", Some("7")).unwrap_err();
        assert_eq!((status.code(), status.reason()), (409, "Conflict"));
        assert_eq!(
            status.message(),
            format!(
                "{prefix} UID in the precondition (u) does not match the UID in record (v). The object might have been \
                 deleted and then recreated"
            )
        );
        assert_eq!(
            check((Some("u"), Some("8")), "u", None).unwrap_err().message(),
            format!(
                "{prefix} ResourceVersion in the precondition (8) does not match the ResourceVersion in record (). The \
                 object might have been modified"
            )
        );
    }
}
