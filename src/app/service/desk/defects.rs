//! Errors found after the client signed (R083, R097): each has somebody who puts it right, or a
//! reason why nobody has to, and is due at the desk until that is done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::at_once::MENDING;
use super::moments::Sign;
use super::urgency::moment;
use super::{Laid, ShownDue};
use crate::app::clock::stamp;
use crate::app::service::Service;
use crate::app::service::change::Change;
use crate::app::service::kept::damaged;
use crate::app::service::people::PERSON;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::calendar::{Label, Moment, Zone};
use crate::desk::life::{Defect, Escaped, Finder, Happening, Life, Rework};
use crate::model::people::Person;
use crate::policy::desk::Post;

/// An error found after the client signed, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DefectRow {
    /// Which of those of the ticket it is, from 1 on.
    pub number: u32,
    /// Of what kind it is.
    pub code: Rework,
    /// What is wrong, and why it was not seen.
    pub reason: String,
    /// Who found it.
    pub found_by: Finder,
    /// When it was found.
    pub found: Moment,
    /// The ticket or the person that puts it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<String>,
    /// Why nobody has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_none: Option<String>,
    /// When it was put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mended: Option<Moment>,
}

/// What of a ticket is to be put right, as it is kept.
#[derive(Serialize, Deserialize)]
struct ToMend {
    /// Since when.
    at_ms: i64,
    /// What is wrong.
    code: Rework,
    /// What, and why it was not seen.
    reason: String,
    /// The ticket or the person that puts it right.
    follow_up: Option<String>,
    /// Who sees to it.
    person: Option<String>,
}

impl ToMend {
    fn words(&self) -> Label {
        let what = self.code.label();
        let mut words = Label::new(
            format!("{}：{}", what.zh, self.reason),
            format!("{}: {}", what.en, self.reason),
        );
        if let Some(other) = self.follow_up.as_ref().filter(|by| Some(*by) != self.person.as_ref())
        {
            words.zh += &format!("（后续工单 {other}）");
            words.en += &format!(" (by ticket {other})");
        }
        words
    }
}

/// The errors found after the client of a ticket signed, in their order.
pub(super) fn defects(life: &Life, zone: Zone) -> Vec<DefectRow> {
    let row = |(number, one): (u32, &Escaped)| {
        let Defect { code, reason, found_by, follow_up, needs_none } = one.defect.clone();
        let found = moment(zone, one.found_ms);
        let mended = one.mended_ms.map(|at_ms| moment(zone, at_ms));
        DefectRow { number, code, reason, found_by, found, follow_up, needs_none, mended }
    };
    (1..).zip(&life.beside.defects).map(row).collect()
}

impl Service {
    /// Goes on only where the ticket or the person by which an error is put right is there, and is
    /// not the ticket itself (R083).
    pub(super) fn must_follow_up(&self, key: &str, wish: &Happening) -> Result<(), Refusal> {
        let Happening::DefectFound(Defect { follow_up: Some(other), .. }) = wish else {
            return Ok(());
        };
        if other == key {
            return Err(Refusal::Wish(Label::new(
                "后续工单不能是本工单：请写另一张，或写由谁改正",
                "a ticket does not follow up itself: name another one, or who puts it right",
            )));
        }
        if self.is_somebody(other)? {
            return Ok(());
        }
        self.find::<TicketFile>(TICKET, other).map(|_| ())
    }

    /// Whether somebody is on record by this name, or has a post.
    fn is_somebody(&self, name: &str) -> Result<bool, Refusal> {
        let laid = self.laid()?;
        let has_post = laid.is_some_and(|laid| laid.desk.posts_of(name).next().is_some());
        Ok(has_post || self.find_if_any::<Person>(PERSON, name)?.is_some())
    }

    /// Adds to `change` what of a ticket is to be put right: the first error that nobody has.
    pub(super) fn set_mending(
        &self,
        change: &mut Change,
        key: &str,
        life: &Life,
    ) -> Result<(), Refusal> {
        let open = life.beside.unmended();
        let Some(Escaped { defect, found_ms, .. }) = open else {
            return self.stand(change, (MENDING, key), None);
        };
        let follow_up = defect.follow_up.clone();
        let named = match &follow_up {
            Some(other) => self.is_somebody(other)?.then(|| other.clone()),
            None => None,
        };
        // Whoever drove it answers for it until the other ticket is done.
        let person = named.or_else(|| super::who::has_to_act(life.crew.as_ref()));
        let (at_ms, code, reason) = (*found_ms, defect.code, defect.reason.clone());
        let body = serde_json::to_string(&ToMend { at_ms, code, reason, follow_up, person });
        let body = body.expect("texts and whole numbers have a spelling");
        self.stand(change, (MENDING, key), Some((at_ms, body)))
    }
}

/// An error to be put right, as it is due.
pub(super) fn to_mend(laid: &Laid, key: &str, body: &str) -> Result<ShownDue, Refusal> {
    let to_mend: ToMend = serde_json::from_str(body).map_err(|_| damaged(MENDING, key))?;
    let is_named = to_mend.person.is_some();
    Ok(ShownDue {
        at: stamp(to_mend.at_ms),
        ticket: key.to_owned(),
        timer: MENDING.to_owned(),
        name: laid.name(MENDING).unwrap_or_else(|| Label::new(MENDING, MENDING)),
        sign: Sign::Mends,
        post: (!is_named).then_some(Post::DepartmentManager),
        item: None,
        words: Some(to_mend.words()),
        person: to_mend.person,
    })
}
