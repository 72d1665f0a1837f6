//! What can happen to a ticket after it was created. Each is an event of its stream; the name is
//! the event's kind, the rest its payload. Texts about persons are in none of them: see
//! [`crate::desk::personal`].

use serde::{Deserialize, Serialize};

use crate::desk::clock::Wait;
use crate::desk::event::Event;
use crate::desk::payload::{Payload, Unfit};

/// Why it is urgent (R008, R017).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A date set by an authority.
    Regulator,
    /// A contract with a penalty.
    Contract,
    /// A tender.
    Tender,
    /// A bank.
    Bank,
    /// The client's own delay.
    InternalDelay,
    /// Waiting makes him uneasy.
    Unease,
}

/// What is lost by being late (R018).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// A deal.
    Deal,
    /// A project lags behind.
    Project,
    /// An authority may act.
    Regulatory,
}

/// How much that weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Degree {
    /// It can be borne.
    Slight,
    /// It hurts.
    Grave,
    /// It cannot be made good.
    Final,
}

/// What was found out before anything else was done (R001, R002), the three questions (R003)
/// among it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Why is it urgent?
    pub cause: Cause,
    /// What is lost?
    pub losses: Vec<Loss>,
    /// How much does that weigh?
    pub degree: Degree,
    /// When the client would like it (R007).
    pub wished_ms: Option<i64>,
    /// By when it is needed, as far as there is evidence (R007).
    pub needed_ms: Option<i64>,
    /// Whether there is a written notice of that date.
    pub has_notice: bool,
    /// Where the material is stuck.
    pub stuck_at: String,
    /// How far it gets if the material is complete today.
    pub reach_today: String,
}

/// What was found in one of the four directions of feasibility (R020).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// How it is.
    pub answer: Feasible,
    /// What that rests on.
    pub evidence: String,
}

/// How something is; the worst is the last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feasible {
    /// It can be done.
    Yes,
    /// It can if something is done first.
    If,
    /// It cannot.
    No,
}

/// What was found of one piece of material (R029, R030).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Material {
    /// It is complete and valid.
    Complete,
    /// It is there and does not count, an expired one for example.
    Invalid,
    /// Something is missing.
    Supplement,
    /// It is missing, and the authority begins without it (R091).
    Tolerated,
}

/// Who works on a ticket (R042, R043).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crew {
    /// Pushes it forward with the authorities.
    pub driver: String,
    /// Talks with the client.
    pub liaison: String,
    /// Looks over what goes out.
    pub reviewer: String,
}

/// How the client rates it, 1 to 5 each (R088).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Whether it was in time.
    pub timeliness: u8,
    /// How it was talked about.
    pub communication: u8,
    /// What came of it.
    pub result: u8,
}

/// The kinds of [`Happening`], in their order.
pub const KINDS: [&str; 29] = [
    "ticket.contacted",
    "ticket.assessed",
    "ticket.refused",
    "ticket.redirected",
    "ticket.weighed",
    "ticket.material_asked",
    "ticket.material_received",
    "ticket.material_judged",
    "ticket.quoted",
    "ticket.accepted",
    "ticket.dispatched",
    "ticket.acknowledged",
    "ticket.rejected",
    "ticket.manager_asked",
    "ticket.owner_change_asked",
    "ticket.begun",
    "ticket.wait_begun",
    "ticket.wait_over",
    "ticket.anomaly_raised",
    "ticket.anomaly_answered",
    "ticket.returned",
    "ticket.self_checked",
    "ticket.reviewed",
    "ticket.delivered",
    "ticket.signed",
    "ticket.surveyed",
    "ticket.looked_back",
    "ticket.archived",
    "ticket.called_off",
];

/// Something that happened to a ticket.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", deny_unknown_fields)]
pub enum Happening {
    /// The client was called, and what he wants confirmed (R125).
    #[serde(rename = "ticket.contacted")]
    Contacted {},
    /// It was assessed.
    #[serde(rename = "ticket.assessed")]
    Assessed(Assessment),
    /// It crosses a red line and is refused for good (R013).
    #[serde(rename = "ticket.refused")]
    Refused {
        /// The code of the red line.
        red_line: String,
        /// The service that is lawful instead (R015).
        alternative: Option<String>,
    },
    /// Its urgency is false: the normal track is quick enough (R004).
    #[serde(rename = "ticket.redirected")]
    Redirected {
        /// How long before it is needed the normal track is done, in milliseconds.
        slack_ms: i64,
    },
    /// Its feasibility was weighed (R020).
    #[serde(rename = "ticket.weighed")]
    Weighed {
        /// Is anybody free?
        people: Verdict,
        /// Does the process allow it?
        process: Verdict,
        /// Are there tools for it?
        tools: Verdict,
        /// Can the risk be borne?
        risk: Verdict,
    },
    /// The client was told what material is needed (R027).
    #[serde(rename = "ticket.material_asked")]
    MaterialAsked {
        /// The items.
        items: Vec<String>,
    },
    /// Material came in.
    #[serde(rename = "ticket.material_received")]
    MaterialReceived {
        /// The items.
        items: Vec<String>,
    },
    /// An item was looked at.
    #[serde(rename = "ticket.material_judged")]
    MaterialJudged {
        /// Which.
        item: String,
        /// What was found.
        found: Material,
        /// When it expires, if it does.
        expires_ms: Option<i64>,
    },
    /// Options were quoted.
    #[serde(rename = "ticket.quoted")]
    Quoted {
        /// The digest of the quote.
        quote: String,
    },
    /// The client accepted an option; its date is promised, with the plan it rests on (R040).
    #[serde(rename = "ticket.accepted")]
    Accepted {
        /// The digest of the quote.
        quote: String,
        /// Which option.
        option: String,
        /// The digest of the plan.
        plan: String,
        /// The date promised.
        finish_ms: i64,
    },
    /// It was given to people (R043).
    #[serde(rename = "ticket.dispatched")]
    Dispatched(Crew),
    /// The driver takes it.
    #[serde(rename = "ticket.acknowledged")]
    Acknowledged {},
    /// The driver judges that it cannot be done (R191).
    #[serde(rename = "ticket.rejected")]
    Rejected {
        /// Why.
        reason: String,
    },
    /// After a second rejection the manager decides (R192).
    #[serde(rename = "ticket.manager_asked")]
    ManagerAsked {},
    /// The client wants somebody else (R189).
    #[serde(rename = "ticket.owner_change_asked")]
    OwnerChangeAsked {
        /// Why.
        reason: String,
    },
    /// Work began.
    #[serde(rename = "ticket.begun")]
    Begun {},
    /// It waits.
    #[serde(rename = "ticket.wait_begun")]
    WaitBegun {
        /// For what.
        wait: Wait,
    },
    /// It waits no more.
    #[serde(rename = "ticket.wait_over")]
    WaitOver {
        /// For what it waited.
        wait: Wait,
    },
    /// Something went wrong (R071).
    #[serde(rename = "ticket.anomaly_raised")]
    AnomalyRaised {
        /// What.
        what: String,
    },
    /// That was answered.
    #[serde(rename = "ticket.anomaly_answered")]
    AnomalyAnswered {
        /// Why it went wrong.
        cause: String,
        /// What is done about it.
        remedy: String,
        /// Whether the client was told.
        is_client_told: bool,
    },
    /// It came back and has to be done again (R072).
    #[serde(rename = "ticket.returned")]
    Returned {
        /// Why.
        reason: String,
    },
    /// Who did it has looked over it (R081, R082).
    #[serde(rename = "ticket.self_checked")]
    SelfChecked {
        /// The items of the checklist that were ticked.
        items: Vec<String>,
    },
    /// Somebody else has looked over it.
    #[serde(rename = "ticket.reviewed")]
    Reviewed {
        /// The items of the checklist that were ticked.
        items: Vec<String>,
    },
    /// The result went to the client (R084, R087).
    #[serde(rename = "ticket.delivered")]
    Delivered {
        /// By which steps, in their order.
        steps: Vec<String>,
    },
    /// The client signed: service ends here (R086).
    #[serde(rename = "ticket.signed")]
    Signed {},
    /// The client said how it was (R088).
    #[serde(rename = "ticket.surveyed")]
    Surveyed(Rating),
    /// It was looked back on (R090).
    #[serde(rename = "ticket.looked_back")]
    LookedBack {
        /// What went well.
        well: String,
        /// What is to be improved.
        improve: String,
    },
    /// It was filed away (R077).
    #[serde(rename = "ticket.archived")]
    Archived {
        /// Until when nothing of it may be deleted.
        keep_until_ms: i64,
    },
    /// It was called off.
    #[serde(rename = "ticket.called_off")]
    CalledOff {
        /// Why.
        reason: String,
    },
}

impl Happening {
    /// The kind and the payload of its event.
    ///
    /// # Errors
    /// When it says more than an event may hold.
    pub fn written(&self) -> Result<(String, Payload), Unfit> {
        let mut value = serde_json::to_value(self).expect("texts, numbers and lists");
        let kind = value["kind"].as_str().unwrap_or_default().to_owned();
        let payload = value.as_object_mut().and_then(|map| map.remove("payload"));
        Ok((kind, Payload::of(&payload.unwrap_or_default())?))
    }

    /// What `event` tells; `None` when it is of a kind that is none of these.
    ///
    /// # Errors
    /// [`Garbled`] when it is of such a kind and cannot be read: what was kept was damaged, or a
    /// newer program wrote it.
    pub fn read(event: &Event) -> Result<Option<Happening>, Garbled> {
        if !KINDS.contains(&event.kind.as_str()) {
            return Ok(None);
        }
        let garbled = || Garbled { stream: event.stream.to_string(), seq: event.seq };
        let payload = event.payload.value().map_err(|_| garbled())?;
        let whole = serde_json::json!({"kind": event.kind, "payload": payload});
        serde_json::from_value(whole).map(Some).map_err(|_| garbled())
    }

    /// The event's kind.
    #[must_use]
    pub fn kind(&self) -> String {
        self.written().map(|(kind, _)| kind).unwrap_or_default()
    }
}

/// An event that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("event {seq} of {stream} cannot be read")]
pub struct Garbled {
    /// Its stream.
    pub stream: String,
    /// Its number there.
    pub seq: u64,
}
