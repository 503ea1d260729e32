//! `flunders`: namespaced, in two versions, with a status; some names are not allowed.

use std::sync::Arc;

use rest_resource::{
    Context, FieldError, ListOptions, Lister, ResourceInfo, RestResource, Result, StatusStore, Store, Strategy,
};

use super::Fischers;
use super::v1alpha1::{self, Fischer};
use super::v1beta1::{Flunder, ReferenceType};

/// The storage of flunders.
#[derive(Debug, RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = Flunder,
    version(name = "v1alpha1", object = v1alpha1::Flunder), short_names("fl"), categories("all"),
    verbs(list, create, delete_collection, get, update, patch, delete, watch),
    column(name = "Reference Type", json_path = ".spec.referenceType", type = "string"),
    column(name = "Age", json_path = ".metadata.creationTimestamp", type = "date")
)]
pub struct Flunders {
    #[rest(embed)]
    pub store: Store<Flunder>,
}

/// The storage of their statuses.
#[derive(Debug, RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1beta1", resource = "flunders/status", object = Flunder,
    version(name = "v1alpha1", object = v1alpha1::Flunder), parent = Flunders, verbs(get, update, patch)
)]
pub struct FlunderStatuses {
    #[rest(embed)]
    pub store: StatusStore<Flunder>,
}

/// Which flunders are valid, and which names are not allowed.
pub struct FlunderStrategy {
    fischers: Store<Fischer>,
    resource: Arc<ResourceInfo>,
}

impl FlunderStrategy {
    pub fn new(fischers: Store<Fischer>) -> Self {
        let resource = Fischers::INFO.resource_info(&Fischers::VERSIONS[0]);
        Self { fischers, resource: Arc::new(resource) }
    }
}

impl Strategy<Flunder> for FlunderStrategy {
    fn validate(&self, _cx: &Context, flunder: &Flunder) -> Vec<FieldError> {
        let spec = &flunder.spec;
        let (flunder_path, fischer_path) = ("spec.flunderReference", "spec.fischerReference");
        match (&spec.flunder_reference, &spec.fischer_reference, spec.reference_type) {
            (Some(_), Some(fischer), _) => {
                vec![FieldError::invalid(fischer_path, fischer, "cannot be set with flunderReference at the same time")]
            }
            (Some(name), None, kind) if kind != Some(ReferenceType::Flunder) => {
                vec![FieldError::invalid(flunder_path, name, "cannot be set if referenceType is not Flunder")]
            }
            (None, Some(name), kind) if kind != Some(ReferenceType::Fischer) => {
                vec![FieldError::invalid(fischer_path, name, "cannot be set if referenceType is not Fischer")]
            }
            (None, None, Some(ReferenceType::Flunder)) => {
                vec![FieldError::required(flunder_path, "cannot be empty if referenceType is Flunder")]
            }
            (None, None, Some(ReferenceType::Fischer)) => {
                vec![FieldError::required(fischer_path, "cannot be empty if referenceType is Fischer")]
            }
            _ => Vec::new(),
        }
    }

    async fn admit(&self, cx: &Context, new: Option<&Flunder>, old: Option<&Flunder>) -> Result<()> {
        let (Some(name), None) = (new.and_then(|flunder| flunder.metadata.name.as_deref()), old) else { return Ok(()) };
        let fischers = self.fischers.list(&Context::new(self.resource.clone()), &ListOptions::default()).await?;
        if fischers.items.iter().any(|fischer| fischer.disallowed_flunders.iter().any(|banned| banned == name)) {
            return Err(cx.forbidden(name, "this name may not be used, please change the resource name"));
        }
        Ok(())
    }
}
