//! The door to `ureq`: messages sent over the network. Addresses are looked at again when the name
//! has been resolved, so that no name of a public look leads inside the house.

use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::Service;
use super::hooks::is_inside;
use super::sender::{Message, Post};

/// How long a receiver may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Messages by HTTP.
#[derive(Debug)]
pub struct Wire(Agent);

impl Wire {
    /// The way out of `service`, by its rule on addresses inside the house.
    #[must_use]
    pub fn of(service: &Service) -> Wire {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // Wherever a receiver points to, nobody has looked at.
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("paidan/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Careful { may_stay_inside: service.hooks.may_stay_inside };
        Wire(Agent::with_parts(config, DefaultConnector::default(), resolver))
    }
}

impl Post for Wire {
    fn send(&self, message: &Message) -> Result<(), String> {
        let mut request = self.0.post(&message.url);
        for (name, value) in &message.headers {
            request = request.header(*name, value);
        }
        let answer = request.send(&message.body[..]).map_err(|error| error.to_string())?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("status {}", status.as_u16())) }
    }
}

/// Resolves names to addresses that may be called.
#[derive(Debug)]
struct Careful {
    may_stay_inside: bool,
}

impl Resolver for Careful {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let leads_inside = found.iter().any(|address| is_inside(address.ip()));
        if leads_inside && !self.may_stay_inside { Err(Error::HostNotFound) } else { Ok(found) }
    }
}
