//! The scale of the objects of a store.

mod change;
mod managers;
mod paths;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use self::change::{ScaleAdmit, ScaleChange};
use self::paths::Paths;
pub use self::paths::{ScalePathError, ScalePaths};
use super::core::StoreCore;
use super::update::Update;
use crate::apply::ResetFields;
use crate::object::{AnyObject, Object};
use crate::verb::{
    AnyAdmit, AnyChange, AnyUpdate, AsErased, BoxFuture, Change, Context, Created, Creates, ErasedStorage, Getter,
    Reply, Storage, TableConvertor, Updater,
};
use crate::wire::options::{GetOptions, UpdateOptions};
use crate::wire::status::{GroupResource, Result, Status};
use crate::wire::strconv::quote;
use crate::wire::table::{Column, Columns, PrinterColumn, TableOptions};

/// The subresource `/scale` of a [`Store`](super::Store): how many replicas an object shall have and has, as a `Scale` of
/// `autoscaling/v1`, which is what `kubectl scale` and autoscalers read and write, whatever the object is (contract
/// 9.4.2).
///
/// A write of a scale is one of its object, in which nothing changes but the replicas: the rules of the type are asked,
/// and the generation rises. It needs no resource version, but one that it has must be the stored one.
///
/// Values are read and written in the version that is stored, whatever version of the resource is asked for its scale.
/// Tables show what is desired and what is available; for others, implement [`TableConvertor`].
///
/// Operations on `/scale` are named after the Kind that is scaled, which the derive cannot see: `parent_kind` says it.
///
/// ```
/// use k8s_openapi::api::autoscaling::v1::Scale;
/// use kube::CustomResource;
/// use rest_resource::server::ApiServer;
/// use rest_resource::{RestResource, ScalePaths, ScaleStore, Store, StoreOptions};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
/// #[kube(group = "example.com", version = "v1", kind = "Farm", namespaced, status = "FarmStatus")]
/// pub struct FarmSpec {
///     pub cows: i32,
/// }
///
/// #[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
/// pub struct FarmStatus {
///     pub cows: i32,
/// }
///
/// #[derive(RestResource)]
/// #[rest(group = "example.com", version = "v1", resource = "farms", object = Farm)]
/// struct Farms {
///     #[rest(embed)]
///     store: Store<Farm>,
/// }
///
/// #[derive(RestResource)]
/// #[rest(group = "example.com", version = "v1", resource = "farms/scale", object = Scale, parent = Farms, parent_kind = "Farm")]
/// struct FarmScales {
///     #[rest(embed)]
///     store: ScaleStore<Farm>,
/// }
///
/// let store = Store::<Farm>::new(&StoreOptions::memory());
/// let scale = store.scale(ScalePaths::new(".spec.cows", ".status.cows"))?;
/// let server = ApiServer::builder().install(Farms { store }).install(FarmScales { store: scale }).prepare()?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct ScaleStore<T> {
    core: ScaleCore,
    object: PhantomData<fn() -> T>,
}

/// The scale of a store's objects, without their type.
#[derive(Clone)]
struct ScaleCore {
    core: Arc<StoreCore>,
    paths: Arc<Paths>,
}

impl<T> ScaleStore<T> {
    /// Errors: a path that is none, or that the type does not have.
    pub(super) fn new(core: Arc<StoreCore>, paths: ScalePaths) -> Result<Self, ScalePathError> {
        let paths = Paths::parse(paths)?;
        paths.check(&core.codec)?;
        Ok(Self { core: ScaleCore { core, paths: Arc::new(paths) }, object: PhantomData })
    }
}

impl ScaleCore {
    async fn scale(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<Scale> {
        let object = self.core.get(cx, name, options).await?;
        let (scale, is_set) = self.paths.scale(&*self.core.decode(object.json())?)?;
        if is_set {
            return Ok(scale);
        }
        let path = quote(&self.paths.replicas.text);
        Err(Status::internal_error(format_args!("the spec replicas field {path} does not exist")))
    }

    /// Writes the scale by writing the object; never creates one.
    async fn write(&self, cx: &Context, name: &str, update: Update<'_>) -> Result<Scale> {
        let of_type = self.core.codec.type_info();
        let change: Arc<dyn AnyChange> = Arc::new(ScaleChange {
            change: Arc::clone(update.change),
            paths: Arc::clone(&self.paths),
            codec: self.core.codec,
            api_version: match &of_type {
                Some(info) => paths::api_version(info),
                None => cx.resource().api_version().into_owned(),
            },
        });
        let admit = update.admit.map(|admit| {
            let (admit, paths) = (Arc::clone(admit), Arc::clone(&self.paths));
            Arc::new(ScaleAdmit { admit, paths }) as Arc<dyn AnyAdmit>
        });
        // What is wrong with the object is told of its Kind, not of the scale's.
        let of_object = of_type.map(|info| cx.with_kind(info.kind));
        let update = Update { change: &change, admit: admit.as_ref(), creates: Creates::No, status: false, ..update };
        let (written, _) = self.core.update(of_object.as_ref().unwrap_or(cx), name, update).await?;
        self.paths.scale(&*written.object).map(|(scale, _)| scale)
    }
}

impl ErasedStorage for ScaleCore {
    fn get<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        options: &'a GetOptions,
    ) -> BoxFuture<'a, Result<Reply<Box<dyn AnyObject>>>> {
        Box::pin(async { Ok(Reply::Object(Box::new(self.scale(cx, name, options).await?) as _)) })
    }

    fn update<'a>(
        &'a self,
        cx: &'a Context,
        name: &'a str,
        update: AnyUpdate,
        options: &'a UpdateOptions,
    ) -> BoxFuture<'a, Result<(Reply<Box<dyn AnyObject>>, Created)>> {
        Box::pin(async move {
            let change: Change<Scale> = update.typed();
            let scale = self.write(cx, name, super::verbs::update(cx, &change, options, false)).await?;
            Ok((Reply::Object(Box::new(scale) as _), Created(false)))
        })
    }

    /// Everything but the replicas.
    fn reset_fields(&self, _api_version: &str) -> ResetFields {
        ResetFields::AllBut([managers::replicas()].into_iter().collect())
    }
}

impl<T: Object> Storage for ScaleStore<T> {
    type Object = Scale;
    const ERASED: Option<AsErased<Self>> = Some(|store| &store.core);
}

impl<T: Object> Getter for ScaleStore<T> {
    async fn get(&self, cx: &Context, name: &str, options: &GetOptions) -> Result<Scale> {
        self.core.scale(cx, name, options).await
    }
}

impl<T: Object> Updater for ScaleStore<T> {
    async fn update(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<Scale>,
        options: &UpdateOptions,
    ) -> Result<(Scale, Created)> {
        let update = super::verbs::update(cx, change, options, false);
        Ok((self.core.write(cx, name, update).await?, Created(false)))
    }
}

/// What a table shows of a scale behind its name.
const COLUMNS: &[PrinterColumn<'static>] = &[
    PrinterColumn::new("Desired", ".spec.replicas").integer().description("How many replicas there shall be."),
    PrinterColumn::new("Available", ".status.replicas").integer().description("How many replicas there are."),
    PrinterColumn::AGE,
];

fn columns() -> Option<Columns> {
    Columns::compile(GroupResource::new("autoscaling", "scales"), COLUMNS).ok()
}

impl<T: Object> TableConvertor for ScaleStore<T> {
    fn columns(&self) -> Vec<Column> {
        columns().map(|columns| columns.definitions()).unwrap_or_default()
    }

    fn cells(&self, scale: &Scale) -> Vec<Value> {
        let json = serde_json::to_value(scale).unwrap_or_default();
        let row = columns().and_then(|columns| columns.row(&json, &TableOptions::default(), Timestamp::now()).ok());
        row.map(|row| row.cells).unwrap_or_default()
    }
}

impl<T> Clone for ScaleStore<T> {
    fn clone(&self) -> Self {
        Self { core: self.core.clone(), object: PhantomData }
    }
}

impl<T> fmt::Debug for ScaleStore<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ScaleStore");
        debug.field("prefix", &self.core.core.cache.shared.prefix).field("paths", &self.core.paths);
        debug.finish_non_exhaustive()
    }
}
