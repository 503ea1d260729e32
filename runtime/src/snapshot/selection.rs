//! Which objects a request is about.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::event::labels;
use crate::verb::Context;
use crate::wire::options::ListOptions;
use crate::wire::selector::{FieldSelector, LabelSelector};
use crate::wire::status::Result;

const NAME: &str = "metadata.name";
const NAMESPACE: &str = "metadata.namespace";

/// The namespace and the selectors of a LIST or a watch.
#[derive(Debug, Default)]
pub(super) struct Selection {
    namespace: Option<String>,
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selection {
    /// 400 for a field selector of other fields than the name and the namespace (contract 4.7.15).
    pub(super) fn new(cx: &Context, options: &ListOptions) -> Result<Self> {
        let known: &[&str] = if cx.resource().is_namespaced() { &[NAME, NAMESPACE] } else { &[NAME] };
        options.field_selector.check_known(known)?;
        Ok(Self {
            namespace: cx.namespace().map(str::to_owned),
            labels: options.label_selector.clone(),
            fields: options.field_selector.clone(),
        })
    }

    /// Whether there are selectors, the namespace aside.
    pub(super) fn has_selectors(&self) -> bool {
        !self.labels.is_empty() || !self.fields.is_empty()
    }

    pub(super) fn matches(&self, meta: &ObjectMeta) -> bool {
        self.namespace.as_ref().is_none_or(|namespace| meta.namespace.as_ref() == Some(namespace))
            && self.labels.matches(labels(meta))
            && self.fields.matches(|field| match field {
                NAME => meta.name.as_deref(),
                NAMESPACE => meta.namespace.as_deref(),
                _ => None,
            })
    }
}
