//! A write of a scale, as the write of its object that it is.

use std::sync::Arc;

use k8s_openapi::api::autoscaling::v1::{Scale, ScaleSpec, ScaleStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::managers;
use super::paths::{Path, Paths};
use crate::object::{AnyObject, Codec};
use crate::verb::{AnyAdmit, AnyChange, BoxFuture, Held};
use crate::wire::field::FieldError;
use crate::wire::status::{GroupKind, Result, Status};
use crate::wire::strconv::quote;

/// What a change is shown where an object does not say how many replicas it shall have, so that a change which leaves
/// them alone can be told from one which leaves them out: that is 0, because clients in Go leave out what is 0.
const UNSET: i32 = i32::MIN;

impl Paths {
    /// The scale of an object, without managed fields, and whether the object says how many replicas it shall have.
    pub(super) fn scale(&self, object: &dyn AnyObject) -> Result<(Scale, bool)> {
        let json = json(object)?;
        let replicas = integer(&self.replicas, &json)?;
        let selector = self.selector.as_ref().and_then(|path| Some((path, path.get(&json)?)));
        let selector = selector
            .map(|(path, value)| value.as_str().map(str::to_owned).ok_or_else(|| wrong(path, "a string", value)));
        let meta = object.meta();
        let scale = Scale {
            metadata: ObjectMeta {
                name: meta.name.clone(),
                namespace: meta.namespace.clone(),
                uid: meta.uid.clone(),
                resource_version: meta.resource_version.clone(),
                creation_timestamp: meta.creation_timestamp.clone(),
                ..ObjectMeta::default()
            },
            spec: Some(ScaleSpec { replicas: Some(replicas.unwrap_or_default()) }),
            status: Some(ScaleStatus {
                replicas: integer(&self.status_replicas, &json)?.unwrap_or_default(),
                selector: selector.transpose()?,
            }),
        };
        Ok((scale, replicas.is_some()))
    }
}

fn json(object: &dyn AnyObject) -> Result<Value> {
    serde_json::from_slice(&object.encode()?).map_err(Status::internal_error)
}

fn integer(path: &Path, object: &Value) -> Result<Option<i32>> {
    let integer = |value: &Value| value.as_i64().and_then(|value| i32::try_from(value).ok());
    path.get(object).map(|value| integer(value).ok_or_else(|| wrong(path, "a 32-bit integer", value))).transpose()
}

fn wrong(path: &Path, wanted: &str, value: &Value) -> Status {
    Status::internal_error(format_args!("the field {} is not {wanted}: {value}", quote(&path.text)))
}

/// A change of a scale, as a change of its object: nothing but the replicas, and who owns them.
pub(super) struct ScaleChange {
    pub(super) change: Arc<dyn AnyChange>,
    pub(super) paths: Arc<Paths>,
    pub(super) codec: Codec,
    /// The version that is stored.
    pub(super) api_version: String,
}

impl ScaleChange {
    async fn changed(&self, object: &dyn AnyObject) -> Result<Box<dyn AnyObject>> {
        let (mut old, is_set) = self.paths.scale(object)?;
        if !is_set {
            old.spec = Some(ScaleSpec { replicas: Some(UNSET) });
        }
        let owners = object.meta().managed_fields.as_deref().unwrap_or_default();
        let owners_of_scale = managers::of_scale(owners, &self.paths);
        old.metadata.managed_fields = (!owners_of_scale.is_empty()).then_some(owners_of_scale);

        let new: Scale = self.change.apply(Some(Held { object: &old, json: None })).await?.downcast()?;
        let replicas = self.valid(&new, is_set)?;

        let is_same = old.spec.and_then(|spec| spec.replicas) == Some(replicas);
        let mut changed = if is_same { object.clone_box() } else { self.with_replicas(object, replicas)? };
        let meta = changed.meta_mut();
        // One that is sent is the one that must be stored (contract 4.9.4).
        if new.metadata.resource_version.as_deref().is_some_and(|version| !version.is_empty()) {
            meta.resource_version = new.metadata.resource_version;
        }
        let owners_of_scale = new.metadata.managed_fields.unwrap_or_default();
        // A change that is made in the program may not know owners at all: it takes nothing from them by writing what
        // is there.
        if !(is_same && owners_of_scale.is_empty()) {
            let owners = managers::of_object(owners, &owners_of_scale, &self.paths, &self.api_version);
            meta.managed_fields = (!owners.is_empty()).then_some(owners);
        }
        Ok(changed)
    }

    /// The replicas that a scale wants, of an object where they are set or not.
    fn valid(&self, scale: &Scale, is_set: bool) -> Result<i32> {
        match scale.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default() {
            UNSET if !is_set => {
                let path = quote(&self.paths.replicas.text);
                Err(Status::bad_request(format!("the spec replicas field {path} cannot be empty")))
            }
            negative if negative < 0 => {
                let error = FieldError::invalid("spec.replicas", negative, "must be greater than or equal to 0");
                let name = scale.metadata.name.as_deref().unwrap_or_default();
                Err(Status::invalid(&GroupKind::new("autoscaling", "Scale"), name, &[error]))
            }
            replicas => Ok(replicas),
        }
    }

    fn with_replicas(&self, object: &dyn AnyObject, replicas: i32) -> Result<Box<dyn AnyObject>> {
        let mut json = json(object)?;
        let path = &self.paths.replicas;
        if !path.set(&mut json, replicas.into()) {
            let path = quote(&path.text);
            return Err(Status::internal_error(format_args!("the spec replicas field {path} is not in an object")));
        }
        let decoded = self.codec.decode(&json).map_err(|error| error.into_status(Status::internal_error))?;
        Ok(decoded.object)
    }
}

impl AnyChange for ScaleChange {
    fn apply<'a>(&'a self, held: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        Box::pin(async move {
            match held {
                Some(held) => self.changed(held.object).await,
                // The store is told to create nothing.
                None => Err(Status::internal_error("there is no scale without an object")),
            }
        })
    }
}

/// The admission of the server, which is shown the scales of objects.
pub(super) struct ScaleAdmit {
    pub(super) admit: Arc<dyn AnyAdmit>,
    pub(super) paths: Arc<Paths>,
}

impl AnyAdmit for ScaleAdmit {
    fn check<'a>(
        &'a self,
        new: Option<&'a dyn AnyObject>,
        old: Option<&'a dyn AnyObject>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let scale = |object| self.paths.scale(object).map(|(scale, _)| scale);
            let (new, old) = (new.map(scale).transpose()?, old.map(scale).transpose()?);
            self.admit.check(new.as_ref().map(|scale| scale as _), old.as_ref().map(|scale| scale as _)).await
        })
    }
}
