//! The options of PUT (contract 4.4).

use super::super::query::Query;
use super::super::status::Result;
use super::{FieldValidation, WriteOptions};

/// The options of PUT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateOptions {
    /// Everything happens but the write (contract 4.4.8).
    pub dry_run: bool,
    /// Who owns the fields that are set, at most 128 bytes; `None` is taken from the user agent (contract 4.4.7).
    pub field_manager: Option<String>,
    /// What is done about unknown and duplicate fields.
    pub field_validation: FieldValidation,
}

impl UpdateOptions {
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

const KIND: &str = "UpdateOptions";

#[cfg(test)]
mod tests {
    use super::super::assert_invalid;
    use super::*;

    #[test]
    fn c4_4_1_update_options_name_their_kind() {
        let options = UpdateOptions::from_query(&Query::parse("dryRun=All&fieldManager=m&fieldValidation=Strict"));
        assert_eq!(
            options.unwrap(),
            UpdateOptions {
                dry_run: true,
                field_manager: Some("m".to_owned()),
                field_validation: FieldValidation::Strict
            }
        );
        assert_invalid(
            UpdateOptions::from_query(&Query::parse("dryRun=x")),
            "UpdateOptions",
            "dryRun: Unsupported value: [\"x\"]: supported values: \"All\"",
        );
    }
}
