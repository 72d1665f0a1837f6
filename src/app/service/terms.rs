//! The policy that quotes are made by: rate card and red lines.

use serde_json::json;

use super::change::Change;
use super::kept::Kept;
use super::quotes::POLICY;
use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::desk::event::Stream;
use crate::desk::rules::strangers;
use crate::policy::{self, Policy};

impl Service {
    /// The policy quotes are made by.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`] before there is one, what fails outside.
    pub fn policy(&self, caller: &Caller) -> Result<Kept<Policy>, Refusal> {
        caller.must(Permission::BaseRead)?;
        self.find(POLICY.0, POLICY.1)
    }

    /// Replaces the policy that has the version `expected`, or any when none is named.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Faulty`], [`Refusal::Stale`], [`Refusal::Impossible`]
    /// without a base, what fails outside.
    pub fn put_policy(
        &self,
        caller: &Caller,
        expected: Option<u64>,
        policy: Policy,
        now_ms: i64,
    ) -> Result<Kept<Policy>, Refusal> {
        caller.must(Permission::BaseChange)?;
        let known = self.known.now().ok_or_else(super::scene::no_base)?;
        let scenario = self.spoken_of(&policy, known.base.scenario(now_ms))?;
        let mut issues = policy::check(&policy, &scenario);
        issues.extend(policy.desk.iter().flat_map(|desk| strangers(desk, "$.desk")));
        if !issues.is_empty() {
            return Err(super::base::faulty("", &policy, issues));
        }
        let version = self.version_of(POLICY.0, POLICY.1)?;
        if expected.map_or(version == 0, |expected| expected != version) {
            let (kind, key) = (POLICY.0, POLICY.1.to_owned());
            return Err(Refusal::Stale { kind, key, actual: version });
        }
        self.tell_by_the_old_rules(now_ms);
        let mut change = Change::by(caller, now_ms);
        change.put(POLICY.0, POLICY.1, Some(version), &policy);
        let stream = Stream::new(POLICY.0, POLICY.1);
        change.event(self, (&stream, None), "policy.changed", &json!({"version": version + 1}))?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        // What fails here fails again where it is needed.
        self.laid().ok();
        Ok(Kept { key: POLICY.1.to_owned(), version: version + 1, document: policy })
    }
}
