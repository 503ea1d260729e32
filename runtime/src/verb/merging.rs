//! What an endpoint knows of how its objects are patched (contract 2.5.3, 4.9.17).

use std::sync::OnceLock;

use schemars::SchemaGenerator;

use super::Endpoint;
use crate::wire::media::PatchType;
use crate::wire::patch::strategic::{MergeRule, MergeSchema};

/// How the lists of the objects merge. The schema is made when it is first needed, and then kept.
#[derive(Debug, Default)]
pub(crate) struct Merging {
    pub(crate) rules: Vec<MergeRule>,
    schema: OnceLock<MergeSchema>,
}

/// Those of a type that the program knows.
const TYPED: &[PatchType] = &[PatchType::Json, PatchType::Merge, PatchType::StrategicMerge, PatchType::Apply];

/// Those of a resource that is known only at run time: as for custom resources, nothing says how its lists merge.
const UNSTRUCTURED: &[PatchType] = &[PatchType::Json, PatchType::Merge, PatchType::Apply];

impl Endpoint {
    /// The patch types that are served, in the order in which they are told.
    pub(crate) fn patch_types(&self) -> &'static [PatchType] {
        if self.unstructured { UNSTRUCTURED } else { TYPED }
    }

    /// How the objects of the endpoint merge.
    pub(super) fn merge_schema(&self) -> &MergeSchema {
        self.merging.schema.get_or_init(|| {
            let mut generator = SchemaGenerator::default();
            let mut schema = self.codec.schema(&mut generator);
            schema.insert("$defs".to_owned(), generator.take_definitions(true).into());
            MergeSchema::new(schema.to_value()).with_rules(self.merging.rules.clone())
        })
    }
}
