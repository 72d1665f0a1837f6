//! How clients and partners come in (R196): an application, looked at by staff, approved or sent
//! back with a reason, corrected and handed in again. A state of its own, beside tickets.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::calendar::Label;

/// How an application stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Application {
    /// Nothing was handed in.
    #[default]
    None,
    /// It waits for staff.
    Submitted,
    /// It was sent back.
    Rejected {
        /// Why.
        reason: String,
    },
    /// It was corrected and waits for staff again.
    Resubmitted,
    /// They are in.
    Approved,
}

/// What is done with an application.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", content = "payload", deny_unknown_fields)]
pub enum Move {
    /// It is handed in, the first time or again; whoever does so confirms that what it says is
    /// true.
    #[serde(rename = "application.submitted")]
    Submit {
        /// Whether he confirmed it.
        is_confirmed: bool,
    },
    /// Staff send it back.
    #[serde(rename = "application.rejected")]
    Reject {
        /// Why.
        reason: String,
    },
    /// Staff approve it.
    #[serde(rename = "application.approved")]
    Approve {},
}

impl Application {
    /// How it stands after `made`, by whoever handed it in or by staff.
    ///
    /// # Errors
    /// [`Refusal::NotConfirmed`], [`Refusal::NoReason`], [`Refusal::Application`] when that is not
    /// what comes next.
    pub fn after(&self, made: &Move) -> Result<Application, Refusal> {
        use Application::{Approved, None, Rejected, Resubmitted, Submitted};
        match (self, made) {
            (None | Rejected { .. }, Move::Submit { is_confirmed: false }) => {
                Err(Refusal::NotConfirmed)
            }
            (None, Move::Submit { .. }) => Ok(Submitted),
            (Rejected { .. }, Move::Submit { .. }) => Ok(Resubmitted),
            (Submitted | Resubmitted, Move::Reject { reason }) if reason.trim().is_empty() => {
                Err(Refusal::NoReason)
            }
            (Submitted | Resubmitted, Move::Reject { reason }) => {
                Ok(Rejected { reason: reason.clone() })
            }
            (Submitted | Resubmitted, Move::Approve {}) => Ok(Approved),
            _ => Err(Refusal::Application(self.label())),
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(&self) -> Label {
        match self {
            Application::None => Label::new("未提交申请", "no application"),
            Application::Submitted => {
                Label::new("已提交申请，请等待审核", "submitted: staff will look at it")
            }
            Application::Rejected { reason } => Label::new(
                format!("申请被驳回：{reason}；请如实修改后重新提交"),
                format!("sent back: {reason}; correct it truthfully and hand it in again"),
            ),
            Application::Resubmitted => {
                Label::new("已重新提交，请等待审核", "submitted again: staff will look at it")
            }
            Application::Approved => Label::new("申请已通过", "approved"),
        }
    }
}
