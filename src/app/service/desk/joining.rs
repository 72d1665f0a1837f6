//! How clients and partners come in (R196): an application is handed in, looked at by staff, sent
//! back with a reason or approved. What happens to it is a stream of its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::service::change::Change;
use crate::app::service::kept::{Kept, damaged, must_be_key};
use crate::app::service::once::{Making, Once};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::{Permission, Role};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::event::{Event, Stream};
use crate::desk::joining::{Application, Move};

/// The kind of the streams of applications, and what they are called.
const APPLICATION: &str = "application";

/// An application, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShownApplication {
    /// Its key.
    pub id: String,
    /// The number of its last event.
    pub version: u64,
    /// How it stands.
    pub state: Application,
    /// What people read.
    pub name: Label,
}

impl Service {
    /// How an application stands; another program's is as good as none.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], what fails outside.
    pub fn application(&self, caller: &Caller, key: &str) -> Result<ShownApplication, Refusal> {
        caller.must(Permission::TicketRead)?;
        let (events, state) = self.applied(caller, key)?;
        if events.is_empty() {
            return Err(unknown(key));
        }
        Ok(shown(key, events.len(), state))
    }

    /// Hands an application in, sends it back or approves it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Unknown`], [`Refusal::Desk`] for what does not come next,
    /// [`Refusal::Stale`] when somebody was faster, [`Refusal::OtherBody`], what fails outside.
    pub fn move_application(
        &self,
        caller: &Caller,
        key: &str,
        made: &Move,
        once: Option<&Once>,
        now_ms: i64,
    ) -> Result<ShownApplication, Refusal> {
        let needed = match made {
            Move::Submit { .. } => Permission::TicketCreate,
            Move::Reject { .. } | Move::Approve {} => Permission::ClientChange,
        };
        caller.must(needed)?;
        must_be_key(key)?;
        let again = |key: &str| {
            let (events, state) = self.applied(caller, key)?;
            let document = shown(key, events.len(), state);
            Ok(Kept { key: key.to_owned(), version: document.version, document })
        };
        let done =
            self.once(once, now_ms, again, || self.application_moved(caller, key, made, now_ms))?;
        serde_json::from_slice(&done.body).map_err(|_| damaged(APPLICATION, key))
    }

    /// What is written when an application is moved, and how it stands then.
    fn application_moved(
        &self,
        caller: &Caller,
        key: &str,
        made: &Move,
        now_ms: i64,
    ) -> Result<Making, Refusal> {
        let (events, state) = self.applied(caller, key)?;
        let after = state.after(made).map_err(Refusal::Desk)?;
        let mut whole = serde_json::to_value(made).expect("a text and whether it is confirmed");
        let kind = whole["kind"].as_str().unwrap_or_default().to_owned();
        let mut change = Change::by(caller, now_ms);
        let (stream, last) = (Stream::new(APPLICATION, key), events.last());
        let seq = last.map_or(0, |event| event.seq);
        // Whose it is, whichever key he has by then.
        whole["payload"]["by"] = serde_json::json!(caller.owner);
        change.event(self, (&stream, Some(seq)), &kind, &whole["payload"].take())?;
        let document = shown(key, events.len() + 1, after);
        Ok(Making::new(key, document.version, &document, change))
    }

    /// What happened to an application, and how it stands; of another program's nothing.
    fn applied(&self, caller: &Caller, key: &str) -> Result<(Vec<Event>, Application), Refusal> {
        let events = self.stream_of(&Stream::new(APPLICATION, key), u64::MAX)?;
        let mut state = Application::default();
        for event in &events {
            let damage = || damaged("event", &event.stream.to_string());
            let mut payload = event.payload.value().map_err(|_| damage())?;
            let by = payload.as_object_mut().and_then(|payload| payload.remove("by"));
            let is_own = by.as_ref().and_then(Value::as_str) == Some(&caller.owner);
            if event.seq == 1 && caller.role == Role::Ticketing && !is_own {
                return Err(unknown(key));
            }
            let whole = serde_json::json!({"kind": event.kind, "payload": payload});
            let made: Move = serde_json::from_value(whole).map_err(|_| damage())?;
            state = state.after(&made).map_err(|_| damage())?;
        }
        Ok((events, state))
    }
}

fn unknown(key: &str) -> Refusal {
    Refusal::Unknown { kind: APPLICATION, key: key.to_owned() }
}

fn shown(key: &str, count: usize, state: Application) -> ShownApplication {
    let version = u64::try_from(count).expect("a stream is counted in 64 bits");
    ShownApplication { id: key.to_owned(), version, name: state.label(), state }
}
