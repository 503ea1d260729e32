//! The options of POST (contract 4.4).

use super::super::query::Query;
use super::super::status::Result;
use super::{FieldValidation, WriteOptions};

/// The options of POST.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOptions {
    /// Everything happens but the write (contract 4.4.8).
    pub dry_run: bool,
    /// Who owns the fields that are set, at most 128 bytes; `None` is taken from the user agent (contract 4.4.7).
    pub field_manager: Option<String>,
    /// What is done about unknown and duplicate fields.
    pub field_validation: FieldValidation,
}

impl CreateOptions {
    /// Reads the query: 422 for a value that is not allowed (contract 4.4.1, 4.4.7, 4.4.8).
    pub fn from_query(query: &Query<'_>) -> Result<Self> {
        let mut errors = Vec::new();
        let WriteOptions { dry_run, field_manager, field_validation } = WriteOptions::from_query(query, &mut errors);
        super::finish(KIND, &errors)?;
        Ok(Self { dry_run, field_manager, field_validation })
    }

    /// 422 for a field manager that is not allowed.
    pub fn validate(&self) -> Result<()> {
        let mut errors = Vec::new();
        super::check_field_manager(self.field_manager.as_deref(), &mut errors);
        super::finish(KIND, &errors)
    }
}

const KIND: &str = "CreateOptions";

#[cfg(test)]
mod tests {
    use super::super::assert_invalid;
    use super::*;

    fn create(query: &str) -> Result<CreateOptions> {
        CreateOptions::from_query(&Query::parse(query))
    }

    #[test]
    fn c4_4_1_field_validation() {
        for (query, expected) in [
            ("", FieldValidation::Warn),
            ("fieldValidation=", FieldValidation::Warn),
            ("fieldValidation=Warn", FieldValidation::Warn),
            ("fieldValidation=Ignore", FieldValidation::Ignore),
            ("fieldValidation=Strict", FieldValidation::Strict),
        ] {
            assert_eq!(create(query).unwrap().field_validation, expected, "{query}");
        }
        assert_invalid(
            create("fieldValidation=x"),
            "CreateOptions",
            "fieldValidation: Unsupported value: \"x\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
        );
    }

    #[test]
    fn c4_4_7_field_manager() {
        assert_eq!(create("fieldManager=").unwrap().field_manager, None);
        assert_eq!(create("fieldManager=a%20b").unwrap().field_manager.as_deref(), Some("a b"));
        assert!(create(&format!("fieldManager={}", "a".repeat(128))).is_ok());
        let too_long = "fieldManager: Too long: may not be more than 128 bytes";
        assert_invalid(create(&format!("fieldManager={}", "é".repeat(65))), "CreateOptions", too_long);
        let options = CreateOptions { field_manager: Some("a".repeat(129)), ..CreateOptions::default() };
        assert_invalid(options.validate(), "CreateOptions", too_long);

        let error = create("fieldManager=%07").unwrap_err();
        assert!(error.message().ends_with(": invalid character U+0007 (at position 0)"), "{error}");
        let error = create("fieldManager=%c3%a9%e2%80%8b").unwrap_err();
        assert!(error.message().ends_with(": invalid character U+200B (at position 2)"), "{error}");
    }

    #[test]
    fn c4_4_8_dry_run() {
        assert!(!create("").unwrap().dry_run);
        assert!(create("dryRun=All&dryRun=All").unwrap().dry_run);
        let kind = "CreateOptions";
        assert_invalid(create("dryRun=x"), kind, "dryRun: Unsupported value: [\"x\"]: supported values: \"All\"");
        assert_invalid(create("dryRun="), kind, "dryRun: Unsupported value: [\"\"]: supported values: \"All\"");
    }

    #[test]
    fn c4_4_1_every_error_at_once() {
        assert_invalid(
            create(&format!("fieldValidation=x&dryRun=All&dryRun=y&fieldManager={}", "a".repeat(129))),
            "CreateOptions",
            "[fieldManager: Too long: may not be more than 128 bytes, \
             dryRun: Unsupported value: [\"All\",\"y\"]: supported values: \"All\", \
             fieldValidation: Unsupported value: \"x\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"]",
        );
    }
}
