//! [`FieldManager`]: what a server calls for every write of an object.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use serde_json::{Value, json};

use super::converter::Converter;
use super::error::ApplyError;
use super::last_applied;
use super::managers::{
    ManagerId, Managers, Operation, Owned, Sent, canonical, cap, decode, decode_entries, encode, encode_entries,
    restore, still_owned, strip,
};
use super::object::{copy, describe, empty, set_managed_fields, without_managed_fields};
use super::rules::{Changes, Refusal, ResetFields, Rules};
use super::schema::Schema;
use super::typed::{extract, validate};

/// Who owns what was there before anybody applied (contract 4.9.24).
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// Applies configurations, and keeps `metadata.managedFields` for every other change (contract 4.9.18-4.9.25).
///
/// There is one for each version and endpoint of a resource. It knows nothing of servers and storage: it takes JSON and
/// gives JSON.
///
/// ```
/// use std::sync::Arc;
///
/// use rest_resource::apply::{ApplyError, FieldManager, Schema, SingleVersion};
/// use serde_json::json;
///
/// let schema = Schema::from_json_schema(&json!({"properties": {"spec": {"properties": {
///     "size": {"type": "integer"}, "color": {"type": "string"},
/// }}}})).unwrap();
/// let manager = FieldManager::new(Arc::new(schema), "example.com/v1", Arc::new(SingleVersion));
/// let object = |spec| json!({"apiVersion": "example.com/v1", "kind": "Shirt", "metadata": {"name": "a"}, "spec": spec});
///
/// let shirt = manager.apply(None, &object(json!({"size": 1})), "alice", false, "2030-01-01T00:00:00Z").unwrap();
/// assert_eq!(shirt["metadata"]["managedFields"][0]["fieldsV1"], json!({"f:spec": {"f:size": {}}}));
///
/// let mine = object(json!({"size": 2}));
/// let refused = manager.apply(Some(&shirt), &mine, "bob", false, "2030-01-01T00:00:01Z").unwrap_err();
/// assert_eq!(refused.to_string(), r#"Apply failed with 1 conflict: conflict with "alice": .spec.size"#);
/// let forced = manager.apply(Some(&shirt), &mine, "bob", true, "2030-01-01T00:00:01Z").unwrap();
/// assert_eq!(forced["spec"]["size"], 2);
/// ```
#[derive(Clone)]
pub struct FieldManager {
    schema: Arc<Schema>,
    api_version: String,
    converter: Arc<dyn Converter>,
    reset_fields: BTreeMap<String, ResetFields>,
    subresource: String,
}

/// A stored object without its managed fields, and those.
#[derive(Clone, Copy)]
pub(crate) struct Live<'a> {
    pub(crate) object: &'a Value,
    pub(crate) entries: &'a [ManagedFieldsEntry],
}

impl std::fmt::Debug for FieldManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("FieldManager");
        debug.field("api_version", &self.api_version).field("subresource", &self.subresource).finish_non_exhaustive()
    }
}

impl FieldManager {
    /// The field manager of a version, such as `example.com/v1`, with its schema.
    pub fn new(schema: Arc<Schema>, api_version: impl Into<String>, converter: Arc<dyn Converter>) -> Self {
        let (reset_fields, subresource) = (BTreeMap::new(), String::new());
        Self { schema, api_version: api_version.into(), converter, reset_fields, subresource }
    }

    /// For an endpoint that leaves some fields alone, by version: nobody comes to own them through it (contract 1.28).
    #[must_use]
    pub fn with_reset_fields(mut self, fields: BTreeMap<String, ResetFields>) -> Self {
        self.reset_fields = fields;
        self
    }

    /// For a subresource, such as `status`, whose managers are told apart from those of the resource.
    #[must_use]
    pub fn with_subresource(mut self, subresource: impl Into<String>) -> Self {
        self.subresource = subresource.into();
        self
    }

    /// Applies a configuration: gives the new object with its managed fields. `live` is the stored object in this
    /// version, and absent where the apply creates it; `now` is RFC 3339 in seconds.
    ///
    /// An apply that changes nothing gives the stored object, with the same times (contract 4.9.25).
    ///
    /// Errors: [`ApplyError`] says the status of each.
    ///
    /// Example: see the type.
    pub fn apply(
        &self,
        live: Option<&Value>,
        configuration: &Value,
        manager: &str,
        force: bool,
        now: &str,
    ) -> Result<Value, ApplyError> {
        let managers = decode(live.map_or(&Value::Null, |live| &live["metadata"]["managedFields"]));
        let live = live.map(without_managed_fields);
        let (mut new, managers) = self.applied(live.as_ref(), managers, configuration, manager, force, now)?;
        set_managed_fields(&mut new, encode(&managers));
        Ok(new)
    }

    /// As [`apply`](Self::apply), with objects without managed fields and those beside them.
    pub(crate) fn apply_entries(
        &self,
        live: Option<Live<'_>>,
        configuration: &Value,
        manager: &str,
        force: bool,
        now: &str,
    ) -> Result<(Value, Option<Vec<ManagedFieldsEntry>>), ApplyError> {
        let managers = decode_entries(live.map_or(&[], |live| live.entries));
        let live = live.map(|live| live.object);
        let (new, managers) = self.applied(live, managers, configuration, manager, force, now)?;
        Ok((new, encode_entries(&managers)))
    }

    fn applied(
        &self,
        live: Option<&Value>,
        managers: Result<Managers, String>,
        configuration: &Value,
        manager: &str,
        force: bool,
        now: &str,
    ) -> Result<(Value, Managers), ApplyError> {
        self.check(configuration)?;
        let mut managers =
            managers.map_err(|error| ApplyError::Internal(format!("failed to decode managed fields: {error}")))?;
        let who = describe(configuration);
        validate(&self.schema, configuration, false)
            .map_err(|errors| ApplyError::Typed(format!("failed to create typed patch object ({who}): {errors}")))?;
        let nothing = empty(configuration);
        let live = live.unwrap_or(&nothing);
        validate(&self.schema, live, true).map_err(|errors| {
            ApplyError::Typed(format!("failed to create typed live object ({}): {errors}", describe(live)))
        })?;
        if managers.is_empty() {
            let changes = self.rules().changes(&nothing, live, &self.api_version)?;
            managers = self.record(&nothing, live, changes, Managers::new(), BEFORE_FIRST_APPLY, now)?;
        }
        let applier = ManagerId::new(manager, Operation::Apply, "", &self.subresource);
        let (mut new, managers) = self.apply_as(live, configuration, managers, &applier, force)?;
        let managers = stamped(managers, &applier, live, &new, now);
        if applier.manager == last_applied::MANAGER {
            last_applied::refresh(&mut new, configuration);
        }
        Ok((new, managers))
    }

    /// Records who owns what after any other change: gives the new object with its managed fields. `live` is the stored
    /// object in this version, and absent on create; `new` is the one to be stored, and may bring managed fields of
    /// its own; `now` is RFC 3339 in seconds.
    ///
    /// It never refuses: where ownership cannot be worked out, it stays as it was.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use rest_resource::apply::{FieldManager, Schema, SingleVersion};
    /// # use serde_json::json;
    /// let manager = FieldManager::new(Arc::new(Schema::deduced()), "v1", Arc::new(SingleVersion));
    /// let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "1"}});
    /// let map = manager.update(None, map, "kubectl-create", "2030-01-01T00:00:00Z");
    /// let fields = &map["metadata"]["managedFields"][0]["fieldsV1"];
    /// assert_eq!(*fields, json!({"f:data": {".": {}, "f:a": {}}}));
    /// ```
    pub fn update(&self, live: Option<&Value>, new: Value, manager: &str, now: &str) -> Value {
        let mut new = new;
        let sent = set_managed_fields(&mut new, Value::Null);
        let stored = live.map_or(&Value::Null, |live| &live["metadata"]["managedFields"]);
        let managers = self.known_managers(Sent::value(&sent), || decode(stored));
        let managers = self.updated(live, &new, || self.changes(live, &new), managers, manager, now);
        let entries = managers.map_or_else(|| stored.clone(), |managers| encode(&managers));
        set_managed_fields(&mut new, entries);
        new
    }

    /// As [`update`](Self::update), with objects without managed fields and those beside them.
    pub(crate) fn update_entries(
        &self,
        live: Option<Live<'_>>,
        new: &Value,
        sent: Option<&[ManagedFieldsEntry]>,
        manager: &str,
        now: &str,
    ) -> Option<Vec<ManagedFieldsEntry>> {
        let stored = live.map_or(&[][..], |live| live.entries);
        let object = live.map(|live| live.object);
        // Most clients send those that they have read, if any.
        let sent = sent.filter(|sent| *sent != stored);
        let mut known = None;
        if sent.is_none() && !stored.is_empty() {
            let changes = self.changes(object, new);
            if let Some(Changes { changed, removed }) = &changes
                && strip(removed.clone()).is_empty()
                && let Some(entries) = still_owned(stored, &self.updater(manager), &strip(changed.clone()), now)
            {
                return Some(entries);
            }
            known = Some(changes);
        }
        let changes = || known.unwrap_or_else(|| self.changes(object, new));
        let managers = self.known_managers(Sent::entries(sent), || decode_entries(stored));
        match self.updated(object, new, changes, managers, manager, now) {
            Some(managers) => encode_entries(&managers),
            None => (!stored.is_empty()).then(|| stored.to_vec()),
        }
    }

    /// What a change does; `None` where that cannot be worked out.
    fn changes(&self, live: Option<&Value>, new: &Value) -> Option<Changes> {
        let nothing = empty(new);
        let before = live.unwrap_or(&nothing);
        let valid = validate(&self.schema, before, true).is_ok() && validate(&self.schema, new, true).is_ok();
        valid.then(|| self.rules().changes(before, new, &self.api_version).ok()).flatten()
    }

    /// The managers after a change that does this; `None` where that cannot be worked out.
    fn updated(
        &self,
        live: Option<&Value>,
        new: &Value,
        changes: impl FnOnce() -> Option<Changes>,
        managers: Managers,
        manager: &str,
        now: &str,
    ) -> Option<Managers> {
        // Who does not want to be tracked is not tracked again before the next apply.
        if managers.is_empty() && live.is_some() {
            return Some(managers);
        }
        let changes = changes()?;
        let nothing = empty(new);
        let mut managers = self.record(live.unwrap_or(&nothing), new, changes, managers, manager, now).ok()?;
        cap(&mut managers);
        Some(managers)
    }

    /// What a manager applied of an object: the configuration to change and apply again. `None` if the manager applied
    /// nothing that it still owns.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use rest_resource::apply::{FieldManager, Schema, SingleVersion};
    /// # use serde_json::json;
    /// let manager = FieldManager::new(Arc::new(Schema::deduced()), "v1", Arc::new(SingleVersion));
    /// let mine = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "1"}});
    /// let mut map = manager.apply(None, &mine, "alice", false, "2030-01-01T00:00:00Z").unwrap();
    /// map["data"]["b"] = "2".into();
    /// assert_eq!(manager.extract(&map, "alice"), Some(mine));
    /// ```
    pub fn extract(&self, object: &Value, manager: &str) -> Option<Value> {
        validate(&self.schema, object, true).ok()?;
        let managers = decode(&object["metadata"]["managedFields"]).ok()?;
        let owned = managers.get(&ManagerId::new(manager, Operation::Apply, "", &self.subresource))?;
        if owned.api_version != self.api_version {
            return None;
        }
        let mut extracted = extract(&self.schema, object, &owned.fields.clone().leaves());
        copy(object, &mut extracted, &["apiVersion", "kind"]);
        if let Some(extracted) = extracted.as_object_mut() {
            let metadata = extracted.entry("metadata").or_insert_with(|| json!({}));
            copy(&object["metadata"], metadata, &["name", "namespace"]);
        }
        Some(extracted)
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            schema: &self.schema,
            api_version: &self.api_version,
            converter: &*self.converter,
            reset_fields: &self.reset_fields,
        }
    }

    /// The configuration is of this version, and has no managed fields (contract 4.9.19).
    fn check(&self, configuration: &Value) -> Result<(), ApplyError> {
        let bad_request = |text: String| Err(ApplyError::BadRequest(text));
        let text = |name: &str| configuration[name].as_str().unwrap_or_default();
        if !configuration.is_object() || text("apiVersion").is_empty() || text("kind").is_empty() {
            return bad_request("apiVersion and kind are required in an apply patch".to_owned());
        }
        if text("apiVersion") != self.api_version {
            return bad_request(format!(
                "Incorrect version specified in apply patch. Specified patch version: {}, expected: {}",
                text("apiVersion"),
                self.api_version
            ));
        }
        if !configuration["metadata"]["managedFields"].is_null() {
            return bad_request("metadata.managedFields must be nil".to_owned());
        }
        Ok(())
    }

    /// Applies, and once more by force where all that is in the way is what the same user applied from the client.
    fn apply_as(
        &self,
        live: &Value,
        configuration: &Value,
        managers: Managers,
        applier: &ManagerId,
        force: bool,
    ) -> Result<(Value, Managers), ApplyError> {
        let rules = self.rules();
        if force || applier.manager != last_applied::MANAGER {
            return Ok(rules.apply(live, configuration, managers, applier, force)?);
        }
        let conflicts = match rules.apply(live, configuration, managers.clone(), applier, false) {
            Err(Refusal::Conflict(conflicts)) => conflicts,
            done => return Ok(done?),
        };
        match last_applied::remaining(&self.schema, &self.api_version, live, conflicts) {
            Some(remaining) => Err(ApplyError::Conflict(remaining)),
            None => Ok(rules.apply(live, configuration, managers, applier, true)?),
        }
    }

    /// The managers after a change by anything but apply.
    fn record(
        &self,
        live: &Value,
        new: &Value,
        changes: Changes,
        managers: Managers,
        manager: &str,
        now: &str,
    ) -> Result<Managers, Refusal> {
        let (mut managers, taken) = self.rules().update(live, new, changes, managers)?;
        let taken = strip(taken);
        if !taken.is_empty() {
            let id = self.updater(manager);
            let before = managers.remove(&id).map(|owned| owned.fields).unwrap_or_default();
            let time = Some(canonical(now).unwrap_or_else(|_| now.to_owned()));
            let owned = Owned { fields: taken.union(before), api_version: self.api_version.clone(), time };
            managers.insert(id, owned);
        }
        Ok(managers)
    }

    /// Who changes an object by anything but apply.
    fn updater(&self, manager: &str) -> ManagerId {
        ManagerId::new(manager, Operation::Update, &self.api_version, &self.subresource)
    }

    /// The managers to start with: those that the client sent, unless it sent none or nonsense (contract 4.5.15). A
    /// subresource cannot change them.
    fn known_managers(&self, sent: Sent, stored: impl FnOnce() -> Result<Managers, String>) -> Managers {
        match sent {
            Sent::Reset if self.subresource.is_empty() => Managers::new(),
            Sent::Managers(managers) if self.subresource.is_empty() => managers,
            _ => stored().unwrap_or_default(),
        }
    }
}

/// The managers with the time of the applier's entry, which is new where the object is or the entry is.
fn stamped(mut managers: Managers, applier: &ManagerId, live: &Value, new: &Value, now: &str) -> Managers {
    if let Some(owned) = managers.get_mut(applier) {
        owned.fields = strip(std::mem::take(&mut owned.fields));
        if owned.time.is_none() || !super::value::equal(live, new) {
            owned.time = Some(canonical(now).unwrap_or_else(|_| now.to_owned()));
        }
        if owned.fields.is_empty() {
            managers.remove(applier);
        }
    }
    managers
}

/// Gives the entries of managed fields their old times where nothing else is new, so that a write is none (contract
/// 4.9.25). For objects that were changed after [`FieldManager::apply`] or [`FieldManager::update`], by defaults or
/// admission.
///
/// ```
/// use serde_json::json;
///
/// let at = |time| json!({"metadata": {"managedFields": [{"manager": "a", "time": time}]}});
/// let mut new = at("2030-01-02T00:00:00Z");
/// rest_resource::apply::restore_times(&at("2030-01-01T00:00:00Z"), &mut new);
/// assert_eq!(new, at("2030-01-01T00:00:00Z"));
/// ```
pub fn restore_times(old: &Value, new: &mut Value) {
    restore(old, new);
}

/// Whether managed fields, as in `metadata.managedFields`, can be read (contract 4.9.27).
///
/// Errors: what is wrong, for people.
///
/// ```
/// use rest_resource::apply::validate_managed_fields;
/// use serde_json::json;
///
/// let refused = validate_managed_fields(&json!([{"operation": "Apply", "apiVersion": "v1"}]));
/// assert_eq!(refused.unwrap_err(), "missing fieldsType in managed fields entry 0");
/// ```
pub fn validate_managed_fields(entries: &Value) -> Result<(), String> {
    decode(entries).map(drop)
}
