//! Hooks: who wants to hear of which events, and where. Messages are put beside the events in one
//! batch and sent by [`super::sender`].

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::change::Change;
use super::heard;
use super::kept::{Kept, Page, fresh_key};
use super::once::{Made, Making, Once};
use super::refusal::Refusal;
use super::role::Permission;
use super::{Caller, Service};
use crate::app::chance;
use crate::calendar::Label;
use crate::desk::event::Stream;
use crate::desk::hash::hexadecimal;
use crate::store::row::Delivery;
use crate::store::{self, Batch, Failure, Write};

/// The kind of their documents and streams.
const HOOK: &str = "hook";

/// What somebody wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookWish {
    /// Where to: an address of http or https.
    #[schemars(length(min = 1, max = 2000))]
    pub url: String,
    /// Kinds of events such as `plan.published`, or beginnings such as `ticket.*`.
    #[schemars(length(min = 1, max = 50))]
    pub events: Vec<String>,
    /// The third party that hears it, if it is one: it is told of a client only with its consent
    /// (R242).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub party: Option<String>,
}

/// A hook as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HookFile {
    pub(super) wish: HookWish,
    pub(super) secret: String,
}

/// A hook as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hook {
    /// What it is called.
    pub id: String,
    /// What it wants.
    pub wish: HookWish,
    /// What its messages are signed with; shown when it is made and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A message that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetter {
    /// Its number.
    pub id: u64,
    /// The position of the event.
    pub position: u64,
    /// The hook it was for.
    pub hook: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What the last try came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

/// The hooks there are, at hand.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    rows: RwLock<Arc<Vec<Kept<HookFile>>>>,
    /// Held while they are read and put at hand, so that the last to do so puts the latest.
    loading: Mutex<()>,
    /// Whether addresses within the house may be called.
    pub(super) may_stay_inside: bool,
}

impl Hooks {
    pub(super) fn rows(&self) -> Arc<Vec<Kept<HookFile>>> {
        Arc::clone(&self.rows.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys of those that want to hear of events of this kind.
    pub(super) fn targets(&self, kind: &str) -> Vec<String> {
        let wants = |kept: &&Kept<HookFile>| {
            kept.document.wish.events.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(beginning) => kind.starts_with(beginning),
                None => wanted == kind,
            })
        };
        self.rows().iter().filter(wants).map(|kept| kept.key.clone()).collect()
    }
}

impl Service {
    /// Reads the hooks.
    pub(super) fn load_hooks(&self) -> Result<(), Refusal> {
        let _turn = self.hooks.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = Arc::new(self.all(HOOK)?);
        *self.hooks.rows.write().unwrap_or_else(PoisonError::into_inner) = rows;
        Ok(())
    }

    /// A new hook.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Wish`] for an address that is none or lies inside the
    /// house, [`Refusal::Faulty`] for kinds no event has, [`Refusal::OtherBody`], what fails
    /// outside.
    pub fn create_hook(
        &self,
        caller: &Caller,
        wish: HookWish,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<Made, Refusal> {
        caller.must(Permission::HookManage)?;
        must_be_address(&wish.url, self.hooks.may_stay_inside).map_err(Refusal::Wish)?;
        heard::must_be_kinds(&wish)?;
        let again = |key: &str| {
            let Kept { key, version, document } = self.find::<HookFile>(HOOK, key)?;
            let HookFile { wish, secret } = document;
            let document = Hook { id: key.clone(), wish, secret: Some(secret) };
            Ok(Kept { key, version, document })
        };
        let made = self.once(once, now_ms, again, || {
            let key = fresh_key("H")?;
            let secret = format!("whs_{}", hexadecimal(&chance::bytes::<32>()?));
            let file = HookFile { wish: wish.clone(), secret: secret.clone() };
            let mut change = Change::by(caller, now_ms);
            change.put(HOOK, &key, Some(0), &file);
            let stream = Stream::new(HOOK, &key);
            let payload = json!({"events": wish.events, "party": wish.party});
            change.event(self, (&stream, None), "hook.created", &payload)?;
            let shown = Hook { id: key.clone(), wish, secret: Some(secret) };
            Ok(Making::new(&key, 1, &shown, change))
        })?;
        self.load_hooks()?;
        Ok(made)
    }

    /// The hooks by key, without their secrets.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn hooks(
        &self,
        caller: &Caller,
        after: Option<&str>,
        most: usize,
    ) -> Result<Page<Hook>, Refusal> {
        caller.must(Permission::HookManage)?;
        let rows = self.hooks.rows();
        let mut behind = rows.iter().filter(|kept| after.is_none_or(|after| *kept.key > *after));
        let shown = |kept: &Kept<HookFile>| Hook {
            id: kept.key.clone(),
            wish: kept.document.wish.clone(),
            secret: None,
        };
        let items: Vec<Hook> = behind.by_ref().take(most).map(shown).collect();
        let next = behind.next().and(items.last()).map(|hook| hook.id.clone());
        Ok(Page { items, next, unread: Vec::new() })
    }

    /// Takes a hook away; what waits for it is given up.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn remove_hook(&self, caller: &Caller, key: &str, now_ms: i64) -> Result<(), Refusal> {
        caller.must(Permission::HookManage)?;
        let kept: Kept<HookFile> = self.find(HOOK, key)?;
        let mut change = Change::by(caller, now_ms);
        change.remove(HOOK, key, Some(kept.version));
        let stream = Stream::new(HOOK, key);
        change.event(self, (&stream, None), "hook.removed", &json!({}))?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        self.load_hooks()
    }

    /// Messages that were given up, behind number `after`.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn dead_letters(
        &self,
        caller: &Caller,
        after: u64,
        most: usize,
    ) -> Result<Vec<DeadLetter>, Refusal> {
        caller.must(Permission::HookManage)?;
        Ok(self.store.dead(after, most)?.into_iter().map(DeadLetter::from).collect())
    }

    /// Sends a message that was given up once more.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn send_again(&self, caller: &Caller, id: u64, now_ms: i64) -> Result<(), Refusal> {
        caller.must(Permission::HookManage)?;
        let row = self.dead_letter(id)?;
        let (about, target) = (store::About::Old(row.position), row.target);
        let mut change = Change::by(caller, now_ms);
        self.turns.wake(&target);
        change.and(Write::Delivered { id });
        change.and(Write::Enqueue { about, target, next_ms: now_ms });
        self.commit_of_dead(id, change.batch())
    }

    /// Forgets a message that was given up.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn drop_dead_letter(&self, caller: &Caller, id: u64) -> Result<(), Refusal> {
        caller.must(Permission::HookManage)?;
        self.dead_letter(id)?;
        self.commit_of_dead(id, Batch::new().and(Write::Delivered { id }))
    }

    fn dead_letter(&self, id: u64) -> Result<Delivery, Refusal> {
        let dead = self.store.dead(id.saturating_sub(1), 1)?;
        dead.into_iter().find(|row| row.id == id).ok_or_else(|| no_dead_letter(id))
    }

    /// Writes what becomes of a message given up. Of two who decide at once, the other finds none.
    fn commit_of_dead(&self, id: u64, batch: Batch) -> Result<(), Refusal> {
        match self.store.commit(batch) {
            Err(Failure::Refused(store::Refusal::Unknown(_))) => Err(no_dead_letter(id)),
            done => done.map(drop).map_err(Refusal::of_commit),
        }
    }
}

fn no_dead_letter(id: u64) -> Refusal {
    Refusal::Unknown { kind: "dead letter", key: id.to_string() }
}

impl From<Delivery> for DeadLetter {
    fn from(row: Delivery) -> DeadLetter {
        let Delivery { id, position, target: hook, attempts, said, .. } = row;
        DeadLetter { id, position, hook, attempts, said }
    }
}

/// Makes sure that `url` is an address to call; one inside the house only when that is wanted.
pub(super) fn must_be_address(url: &str, may_stay_inside: bool) -> Result<(), Label> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let authority = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    let host = authority.filter(|text| !text.is_empty() && !text.contains('@') && is_plain);
    let Some(host) = host.map(host_of) else {
        return Err(Label::new(
            "地址须以 https:// 或 http:// 开头，写明主机，不含用户名",
            "an address begins with https:// or http://, names a host and no user",
        ));
    };
    let is_inside = host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || host.parse().is_ok_and(is_inside);
    if is_inside && !may_stay_inside {
        return Err(Label::new(
            format!("{host} 在内部网络：须以 serve --hooks-inside 启动才会通知"),
            format!("{host} lies inside the house: it is called by `serve --hooks-inside` alone"),
        ));
    }
    Ok(())
}

/// The host of an authority, without port and brackets.
fn host_of(authority: &str) -> &str {
    if let Some((host, _)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return host;
    }
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

/// Whether an address is one of this machine or of a private network, or none to call at all.
pub(super) fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || first == 0
                || (first == 100 && (64..128).contains(&second))
                || first >= 240
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            let inner = v6.to_ipv4_mapped().or_else(|| embedded(v6.segments()));
            inner.is_some_and(|v4| is_inside(IpAddr::V4(v4)))
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
        }
    }
}

/// The address of version 4 that a translating network (64:ff9b::/96) or 6to4 (2002::/16) reaches.
fn embedded(segments: [u16; 8]) -> Option<Ipv4Addr> {
    let pair = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(pair(high, low)),
        [0x2002, high, low, ..] => Some(pair(high, low)),
        _ => None,
    }
}
