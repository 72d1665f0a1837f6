//! What a call left open (R125): a clock that waits for why a matter is urgent, and to what degree,
//! runs on, and whose turn it is to ask is told.

use super::Before;
use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::calendar::Label;
use crate::desk::life::{Confirmed, Happening, Stage};
use crate::policy::desk::{Post, Timer};

impl Service {
    /// What the calls so far left open of a ticket that nobody has assessed, and who asks for it;
    /// nothing where nobody called yet, or one call told all.
    pub(super) fn left_open(&self, before: &Before) -> Result<Option<Label>, Refusal> {
        let Some(laid) = self.laid()?.filter(|_| before.life.stage == Stage::New) else {
            return Ok(None);
        };
        let waits = |timer: &Timer| {
            ["ticket.contacted", "ticket.assessed"]
                .iter()
                .all(|kind| timer.stops.iter().any(|stop| stop == kind))
        };
        if !laid.desk.timers.iter().any(waits) {
            return Ok(None);
        }
        let mut last = None;
        for event in before.events.iter().filter(|event| event.kind == "ticket.contacted") {
            match Happening::read(event) {
                Ok(Some(Happening::Contacted(confirmed))) if !confirmed.is_whole() => {
                    last = Some(confirmed);
                }
                _ => return Ok(None),
            }
        }
        Ok(last.map(|last| told(&last, laid.responds(1).unwrap_or(Post::Agent))))
    }
}

fn told(confirmed: &Confirmed, post: Post) -> Label {
    let parts = [
        (confirmed.cause.is_none(), "紧急原因（cause）", "why it is urgent (cause)"),
        (confirmed.degree.is_none(), "影响程度（degree）", "to what degree (degree)"),
    ];
    let open = || parts.iter().filter(|part| part.0);
    let zh: Vec<&str> = open().map(|part| part.1).collect();
    let en: Vec<&str> = open().map(|part| part.2).collect();
    let post = post.label();
    Label::new(
        format!(
            "客户尚未确认{}：一级时限继续计时；请{}再次联系并写明，或完成评估（assessed）",
            zh.join("、"),
            post.zh
        ),
        format!(
            "the client has not confirmed {}: the first clock runs on; {} calls again and says so, \
             or assesses it (assessed)",
            en.join(" and "),
            post.en
        ),
    )
}
