//! The desk's section of the policy: every rule a ticket is led by, as data. The firm's catalogue
//! gives the values where nothing else is written; where it leaves a blank, [`check()`] says what
//! must be configured, and nothing is invented. Must not know tickets, nor what happened to them.

mod agreement;
mod catalogue;
mod check;
mod compare;
mod figures;
mod form;
mod lint;
mod recurring;
mod words;

pub use agreement::{
    Agreement, Contract, Entitlement, EntitlementKind, Own, Period, Tier, TierGoal,
};
pub use check::check;
pub use compare::Comparison;
pub use figures::{Benchmark, Compression, Learning, Reading};
pub use form::{
    Approval, Cell, Checklist, Class, Control, Daily, DailyTime, Desk, Floor, Goal, Holder, Item,
    Level, PreCheck, Regulation, Reminder, Replan, Surge, Timer,
};
pub use lint::{dropped, thin, vague};
pub use recurring::{Digest, Obligation, Partner, PartnerWait, Shift};
pub use words::{Cause, Channel, Degree, Fact, Loss, Node, Post, Runs, Source, Wait};

impl Desk {
    /// The catalogue's values, its blanks blank.
    #[must_use]
    pub fn catalogue() -> Desk {
        catalogue::whole()
    }

    /// The tier of this key.
    #[must_use]
    pub fn tier(&self, id: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.id == id)
    }

    /// The posts that the table gives to `person`.
    pub fn posts_of<'d>(&'d self, person: &'d str) -> impl Iterator<Item = Post> + 'd {
        let holds = move |row: &&Holder| row.people.iter().any(|one| one == person);
        self.posts.iter().filter(holds).map(|row| row.post)
    }

    /// The items of `service` among `lists`.
    #[must_use]
    pub fn items<'d>(lists: &'d [Checklist], service: &str) -> &'d [Item] {
        lists.iter().find(|list| list.service == service).map_or(&[], |list| list.items.as_slice())
    }
}
