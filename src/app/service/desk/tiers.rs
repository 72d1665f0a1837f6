//! What clients may choose between: the tiers of service side by side (R114).

use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::{Caller, Service};
use crate::policy::desk::Comparison;

impl Service {
    /// The tiers of the policy in force, item by item; empty where none are laid down.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn tiers_compared(&self, caller: &Caller) -> Result<Comparison, Refusal> {
        caller.must(Permission::TicketRead)?;
        let laid = self.laid()?;
        Ok(laid.map(|laid| laid.desk.comparison()).unwrap_or_default())
    }
}
