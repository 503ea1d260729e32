//! What the derive refuses once the probes have answered. The messages are put together only where one is needed: text in
//! every expansion is work for the compiler.

use super::action::Method;
use super::found::{Detected, Found, Slots};

/// What a message says before and behind the name of a type.
type Mistake = Option<(&'static str, &'static str)>;

impl<const N: usize> Detected<N> {
    /// A compile error at the place of the call, if there are no routes, or with all that [`connects`](Self::connects) and
    /// [`one_of_each`](Self::one_of_each) find.
    ///
    /// # Panics
    ///
    /// With the message, while the derive's own consts are computed.
    #[track_caller]
    pub const fn check(&self, name: &str, subresource: bool) {
        const NO_VERB: &str = "` implements no REST verb: write an impl of `Getter`, `Lister`, `Creater`, `Watcher`, `Connecter` or another verb trait";
        if !self.or_no_part(self.slots.any()) {
            refuse(name, &[Some(("`", NO_VERB))]);
        }
        let own = &self.sources[0];
        refuse(name, &[self.connecter(subresource), getters(own), creaters(own)]);
    }

    /// A compile error at the place of the call, if the `Connecter` takes no method, or one that another verb serves on the
    /// same path (contract 2.2.3). On a subresource the path of the collection is that of the object.
    ///
    /// # Panics
    ///
    /// With the message, while the derive's own consts are computed.
    #[track_caller]
    pub const fn connects(&self, name: &str, subresource: bool) {
        refuse(name, &[self.connecter(subresource)]);
    }

    /// A compile error at the place of the call, if a source has two impls of which a storage has one (contract 1.33): of the
    /// getters, of the creaters, or of both.
    ///
    /// # Panics
    ///
    /// With the message, while the derive's own consts are computed.
    #[track_caller]
    pub const fn one_of_each(&self, source: usize, name: &str) {
        let source = &self.sources[source];
        refuse(name, &[getters(source), creaters(source)]);
    }

    const fn connecter(&self, subresource: bool) -> Mistake {
        const IDLE: &str = "` takes no method: name some in `METHODS`";
        const MEETS: &str = "` takes a method that another verb serves on the same path: leave it out of `METHODS`, or connect on a subresource";
        let Slots { connect, list, post, delete_collection, get, put, patch, delete, .. } = self.slots;
        if !connect.is() {
            return None;
        }
        if connect.is_idle() {
            return Some(("the `Connecter` of `", IDLE));
        }
        let collection = connect.meets(list, Method::Get)
            || connect.meets(post, Method::Post)
            || connect.meets(delete_collection, Method::Delete);
        let item = connect.meets(get, Method::Get)
            || connect.meets(put, Method::Put)
            || connect.meets(patch, Method::Patch)
            || connect.meets(delete, Method::Delete);
        if item || (subresource && collection) { Some(("the `Connecter` of `", MEETS)) } else { None }
    }
}

const fn getters(source: &Found) -> Mistake {
    const BOTH: &str =
        "` implements `Getter` and `GetterWithOptions`, which answer the same requests: remove one of them";
    if source.get.is() && source.get_with_options.is() { Some(("`", BOTH)) } else { None }
}

const fn creaters(source: &Found) -> Mistake {
    const BOTH: &str = "` implements `Creater` and `NamedCreater`, which answer the same requests: remove one of them";
    if source.create.is() && source.create_named.is() { Some(("`", BOTH)) } else { None }
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

/// A compile error of these mistakes of a type at the place of the call, a line each; none if there are none.
#[track_caller]
const fn refuse(name: &str, mistakes: &[Mistake]) {
    const MOST: usize = 2048;
    let (mut message, mut n, mut i) = ([0; MOST], 0, 0);
    while i < mistakes.len() {
        if let Some((before, behind)) = mistakes[i] {
            let words = [if n > 0 { "\n" } else { "" }, before, name, behind];
            let mut word = 0;
            while word < words.len() {
                n = append(&mut message, n, words[word]);
                word += 1;
            }
        }
        i += 1;
    }
    if n == 0 {
        return;
    }
    match std::str::from_utf8(message.split_at(n).0) {
        Ok(message) => require(false, message),
        // A long name was cut within a character.
        Err(_) => require(false, name),
    }
}

/// Writes as much of a word as there is room for; gives where it ends.
const fn append(message: &mut [u8], mut n: usize, word: &str) -> usize {
    let (word, mut i) = (word.as_bytes(), 0);
    while i < word.len() && n < message.len() {
        message[n] = word[i];
        n += 1;
        i += 1;
    }
    n
}
