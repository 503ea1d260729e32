//! The options of PATCH (contract 4.4, 4.9.11).

use super::super::field::FieldError;
use super::super::query::Query;
use super::super::status::Result;
use super::{FieldValidation, WriteOptions};

/// The options of PATCH.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchOptions {
    /// Everything happens but the write (contract 4.4.8).
    pub dry_run: bool,
    /// Who owns the fields that are set, at most 128 bytes. An apply must say it; else `None` is taken from the user
    /// agent (contract 4.4.7).
    pub field_manager: Option<String>,
    /// What is done about unknown and duplicate fields.
    pub field_validation: FieldValidation,
    /// Whether an apply takes over fields that others own; nothing else may say it.
    pub force: Option<bool>,
}

impl PatchOptions {
    /// Reads the query: 422 for a value that is not allowed (contract 4.4.1, 4.4.7, 4.4.8, 4.9.11).
    /// `is_apply` says that the patch is a server-side apply.
    pub fn from_query(query: &Query<'_>, is_apply: bool) -> Result<Self> {
        let force = query.bool("force");
        let mut errors = Vec::new();
        let mut write_errors = Vec::new();
        let WriteOptions { dry_run, field_manager, field_validation } =
            WriteOptions::from_query(query, &mut write_errors);
        check_apply(is_apply, field_manager.as_deref(), force, &mut errors);
        errors.append(&mut write_errors);
        super::finish(KIND, &errors)?;
        Ok(Self { dry_run, field_manager, field_validation, force })
    }

    /// 422 for a field manager that is not allowed or is missing from an apply, and for `force` without an apply.
    pub fn validate(&self, is_apply: bool) -> Result<()> {
        let mut errors = Vec::new();
        check_apply(is_apply, self.field_manager.as_deref(), self.force, &mut errors);
        super::check_field_manager(self.field_manager.as_deref(), &mut errors);
        super::finish(KIND, &errors)
    }
}

fn check_apply(is_apply: bool, manager: Option<&str>, force: Option<bool>, errors: &mut Vec<FieldError>) {
    if is_apply {
        if manager.unwrap_or_default().is_empty() {
            errors.push(FieldError::required("fieldManager", "is required for apply patch"));
        }
    } else if force.is_some() {
        errors.push(FieldError::forbidden("force", "may not be specified for non-apply patch"));
    }
}

const KIND: &str = "PatchOptions";

#[cfg(test)]
mod tests {
    use super::super::assert_invalid;
    use super::*;

    fn patch(query: &str, is_apply: bool) -> Result<PatchOptions> {
        PatchOptions::from_query(&Query::parse(query), is_apply)
    }

    #[test]
    fn c4_9_11_force_is_for_apply() {
        assert_eq!(patch("force=true&fieldManager=m", true).unwrap().force, Some(true));
        assert_eq!(patch("fieldManager=m", false).unwrap().force, None);
        let forbidden = "force: Forbidden: may not be specified for non-apply patch";
        assert_invalid(patch("force=false", false), KIND, forbidden);
        let options = PatchOptions { force: Some(true), ..PatchOptions::default() };
        assert_invalid(options.validate(false), KIND, forbidden);
    }

    #[test]
    fn c4_9_11_apply_needs_a_field_manager() {
        let required = "fieldManager: Required value: is required for apply patch";
        assert_invalid(patch("", true), KIND, required);
        assert_invalid(patch("fieldManager=", true), KIND, required);
        assert_invalid(PatchOptions::default().validate(true), KIND, required);
    }

    #[test]
    fn c4_9_11_every_error_at_once() {
        assert_invalid(
            patch("dryRun=x", true),
            KIND,
            "[fieldManager: Required value: is required for apply patch, \
             dryRun: Unsupported value: [\"x\"]: supported values: \"All\"]",
        );
    }
}
