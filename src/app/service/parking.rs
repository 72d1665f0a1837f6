//! The plan in force, parked for quotes: checked against who is there now and compiled once, ahead
//! of the next call where there is time for it.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use super::Service;
use super::asked;
use super::clients::{CLIENT, ClientFile};
use super::plans::question;
use super::quotes::{POLICY, no_plan};
use super::refusal::Refusal;
use crate::app::quoting::{self, Standing};
use crate::model::people::Client;
use crate::model::request::{REQUEST_FORMAT, Request, Wish};
use crate::model::scenario::Scenario;
use crate::policy::Policy;

/// What a parked plan rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Grounds {
    /// The plan's number.
    plan: u64,
    /// The policy's version; 0 where there is none.
    policy: u64,
    /// How often people had changed.
    people: u64,
}

/// The plan in force, parked.
pub(super) struct Parked {
    grounds: Grounds,
    pub(super) standing: Standing,
}

impl Parked {
    pub(super) fn number(&self) -> u64 {
        self.grounds.plan
    }

    pub(super) fn has_policy(&self) -> bool {
        self.grounds.policy > 0
    }
}

impl Service {
    /// Parks the plan in force ahead of the next quote, where there is a policy to quote by; once
    /// for the same grounds, whatever comes of it.
    pub(super) fn park_ahead(&self, tried: &mut Option<Grounds>) -> Result<(), Refusal> {
        if self.standing.now().is_none() {
            return Ok(());
        }
        let grounds = self.grounds()?;
        if grounds.policy == 0 || *tried == Some(grounds) {
            return Ok(());
        }
        *tried = Some(grounds);
        let (format, tickets) = (REQUEST_FORMAT.to_owned(), Vec::new());
        let (wish, attributes, stated) = (Wish::default(), Vec::new(), Vec::new());
        let nothing = Request { format, tickets, wish, attributes, stated };
        self.parked(&nothing).map(|_| ())
    }

    fn grounds(&self) -> Result<Grounds, Refusal> {
        let plan = self.standing.now().map(|plan| plan.number).ok_or_else(no_plan)?;
        let policy = self.version_of(POLICY.0, POLICY.1)?;
        Ok(Grounds { plan, policy, people: self.people_changes() })
    }

    /// The plan in force as `request` is quoted against it, with people and absences of now: parked
    /// once per plan, policy and staff, and anew when a client it names has come or changed since.
    pub(super) fn parked(&self, request: &Request) -> Result<Arc<Parked>, Refusal> {
        if let (_, Some(parked), true) = self.parked_before(request)? {
            return Ok(parked);
        }
        // One at a time: who waits finds what the other one has parked.
        let _building = self.parking.lock().unwrap_or_else(PoisonError::into_inner);
        let (grounds, before, fits) = self.parked_before(request)?;
        if let (Some(parked), true) = (&before, fits) {
            return Ok(Arc::clone(parked));
        }
        let policy = self.find_if_any::<Policy>(POLICY.0, POLICY.1)?;
        // Without one nothing is quoted; estimates name no price.
        let policy = policy.map_or_else(Policy::blank, |kept| kept.document);
        let file = self.plan_file(grounds.plan)?;
        let scenario = match before {
            Some(before) => before.standing.scenario().clone(),
            None => self.dressed(self.with_people_now(file.scenario)?)?,
        };
        let scenario = self.with_all_clients(request, scenario)?;
        let standing = question(scenario).map_err(asked::holds_no_longer)?;
        let standing = quoting::standing(&standing, &file.plan, policy);
        let standing = standing.map_err(|failure| asked::holds_no_longer(failure.into()))?;
        let parked = Arc::new(Parked { grounds, standing });
        self.parked.put(Some(Arc::clone(&parked)));
        Ok(parked)
    }

    /// What a plan parked now rests on, the one parked on it, and whether it knows the clients of
    /// `request` as they are.
    fn parked_before(
        &self,
        request: &Request,
    ) -> Result<(Grounds, Option<Arc<Parked>>, bool), Refusal> {
        let grounds = self.grounds()?;
        let before = self.parked.now().filter(|parked| parked.grounds == grounds);
        let fits = match &before {
            Some(parked) => self.newer_clients(request, parked.standing.scenario())?.is_empty(),
            None => false,
        };
        Ok((grounds, before, fits))
    }

    /// `scenario` with every client on record: the next one who calls is then known already.
    fn with_all_clients(
        &self,
        request: &Request,
        mut scenario: Scenario,
    ) -> Result<Scenario, Refusal> {
        let known: BTreeSet<&String> = scenario.clients.iter().map(|client| &client.id).collect();
        let all = self.all::<ClientFile>(CLIENT)?.into_iter().map(|kept| kept.key);
        let new: BTreeSet<String> = all.filter(|key| !known.contains(key)).collect();
        let mut clients = self.clients_of(new, &scenario)?;
        scenario.clients.append(&mut clients);
        for client in self.newer_clients(request, &scenario)? {
            scenario.clients.retain(|known| known.id != client.id);
            scenario.clients.push(client);
        }
        Ok(scenario)
    }

    /// The clients that `request` names and `scenario` does not have, or not as they are now.
    fn newer_clients(
        &self,
        request: &Request,
        scenario: &Scenario,
    ) -> Result<Vec<Client>, Refusal> {
        let mut named = BTreeSet::new();
        for client in request.tickets.iter().filter_map(|ticket| ticket.client.clone()) {
            if self.find_if_any::<ClientFile>(CLIENT, &client)?.is_some() {
                named.insert(client);
            }
        }
        let mut clients = self.clients_of(named, scenario)?;
        clients.retain(|client| !scenario.clients.contains(client));
        Ok(clients)
    }
}
