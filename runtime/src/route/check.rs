//! What the derive refuses once the probes have answered. The messages are put together only where one is needed: text in
//! every expansion is work for the compiler.

use super::action::Method;
use super::found::{Detected, Slots};

impl<const N: usize> Detected<N> {
    /// A compile error at the place of the call, if there are no routes, or if [`connects`](Self::connects) or
    /// [`one_of_each`](Self::one_of_each) gives one.
    ///
    /// # Panics
    ///
    /// With the message, while the derive's own consts are computed.
    #[track_caller]
    pub const fn check(&self, name: &str, subresource: bool) {
        if !self.or_no_part(self.slots.any()) {
            refuse(&[
                "`",
                name,
                "` implements no REST verb: write an impl of `Getter`, `Lister`, `Creater`, `Watcher`, `Connecter` or another verb trait",
            ]);
        }
        self.connects(name, subresource);
        self.one_of_each(0, name);
    }

    /// A compile error at the place of the call, if the `Connecter` takes no method, or one that another verb serves on the
    /// same path (contract 2.2.3). On a subresource the path of the collection is that of the object.
    ///
    /// # Panics
    ///
    /// With the message, while the derive's own consts are computed.
    #[track_caller]
    pub const fn connects(&self, name: &str, subresource: bool) {
        let Slots { connect, list, post, delete_collection, get, put, patch, delete, .. } = self.slots;
        if !connect.is() {
            return;
        }
        if connect.is_idle() {
            refuse(&["the `Connecter` of `", name, "` takes no method: name some in `METHODS`"]);
        }
        let collection = connect.meets(list, Method::Get)
            || connect.meets(post, Method::Post)
            || connect.meets(delete_collection, Method::Delete);
        let item = connect.meets(get, Method::Get)
            || connect.meets(put, Method::Put)
            || connect.meets(patch, Method::Patch)
            || connect.meets(delete, Method::Delete);
        if item || (subresource && collection) {
            refuse(&[
                "the `Connecter` of `",
                name,
                "` takes a method that another verb serves on the same path: leave it out of `METHODS`, or connect on a subresource",
            ]);
        }
    }

    /// A compile error at the place of the call, if a source has two impls of which a storage has one (contract 1.33): of the
    /// getters, of the creaters, or of both.
    ///
    /// # Panics
    ///
    /// With the message, while the derive's own consts are computed.
    #[track_caller]
    pub const fn one_of_each(&self, source: usize, name: &str) {
        const GETTERS: &str =
            "` implements `Getter` and `GetterWithOptions`, which answer the same requests: remove one of them";
        const CREATERS: &str =
            "` implements `Creater` and `NamedCreater`, which answer the same requests: remove one of them";
        let source = &self.sources[source];
        match (source.get.is() && source.get_with_options.is(), source.create.is() && source.create_named.is()) {
            (true, true) => refuse(&["`", name, GETTERS, "\n`", name, CREATERS]),
            (true, false) => refuse(&["`", name, GETTERS]),
            (false, true) => refuse(&["`", name, CREATERS]),
            (false, false) => {}
        }
    }
}

/// A compile error at the place of the call, if `ok` is not so.
///
/// # Panics
///
/// With the message, while the derive's own consts are computed.
#[track_caller]
pub const fn require(ok: bool, message: &str) {
    assert!(ok, "{}", message);
}

/// A compile error of these words at the place of the call.
#[track_caller]
const fn refuse(words: &[&str]) {
    const MOST: usize = 1024;
    let (mut message, mut n, mut i) = ([0; MOST], 0, 0);
    while i < words.len() {
        let word = words[i].as_bytes();
        let mut j = 0;
        while j < word.len() && n < MOST {
            message[n] = word[j];
            n += 1;
            j += 1;
        }
        i += 1;
    }
    match std::str::from_utf8(message.split_at(n).0) {
        Ok(message) => require(false, message),
        // A long name was cut within a character.
        Err(_) => require(false, words[words.len() - 1]),
    }
}
