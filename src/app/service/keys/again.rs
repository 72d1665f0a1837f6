//! Keys made by requests that may come again (R124). A secret is written nowhere, so who asks again
//! hears which key was made, and nobody the key.

use super::{Listed, MadeKey, Wish, found};
use crate::app::service::change::Change;
use crate::app::service::kept::{Kept, damaged};
use crate::app::service::once::{Making, Once};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::{Caller, Service};

impl Service {
    /// As [`Service::make_key`] for a request that may come again: then what was listed is told,
    /// and not the key, of which only the hash is kept.
    ///
    /// # Errors
    /// As there, and [`Refusal::OtherBody`].
    pub fn make_key_once(
        &self,
        caller: &Caller,
        wish: Wish,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<(Option<String>, Listed), Refusal> {
        caller.must(Permission::KeyManage)?;
        self.told_once(once, now_ms, || self.keyring(caller).planned(wish, now_ms))
    }

    /// As [`Service::rotate_key`] for a request that may come again, answered likewise.
    ///
    /// # Errors
    /// As there, and [`Refusal::OtherBody`].
    pub fn rotate_key_once(
        &self,
        caller: &Caller,
        (prefix, overlap_ms): (&str, i64),
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<(Option<String>, Listed), Refusal> {
        caller.must(Permission::KeyManage)?;
        let plan = || self.keyring(caller).turned(prefix, overlap_ms, now_ms);
        let made = self.told_once(once, now_ms, plan)?;
        self.keys.forget(prefix);
        Ok(made)
    }

    /// Makes the key that `plan` says, unless an earlier request did; the key itself is told to the
    /// first that asks, and written nowhere.
    fn told_once(
        &self,
        once: Option<&Once>,
        now_ms: i64,
        plan: impl FnOnce() -> Result<(Change, MadeKey), Refusal>,
    ) -> Result<(Option<String>, Listed), Refusal> {
        let mut secret = None;
        let again = |prefix: &str| {
            let document = Listed::of(found(&self.store, prefix)?, now_ms);
            Ok(Kept { key: prefix.to_owned(), version: 1, document })
        };
        let made = self.once(once, now_ms, again, || {
            let (change, MadeKey { key, listed }) = plan()?;
            secret = Some(key);
            Ok(Making::new(&listed.prefix, 1, &listed, change))
        })?;
        let listed = serde_json::from_slice(&made.body).map_err(|_| damaged("key", &made.key))?;
        Ok((secret.filter(|_| !made.is_repeated), listed))
    }
}
