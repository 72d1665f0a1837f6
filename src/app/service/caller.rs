//! Who asks, and what he may. Knows not by which proof he was let in.

use super::refusal::Refusal;
use super::role::{Permission, Role};

/// Somebody who was let in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// What the log calls him, such as `key/3f0a…` or `person/wang`.
    pub actor: String,
    /// Whose his tickets, quotes, jobs and repeated requests are. That of a key stays when the key
    /// is rotated.
    pub owner: String,
    /// What he is.
    pub role: Role,
    /// What his key is for, where it is not for everything his role may.
    scopes: Option<Vec<Permission>>,
}

impl Caller {
    /// A person who signed in elsewhere, such as at a proxy that is trusted.
    #[must_use]
    pub fn person(key: &str, role: Role) -> Caller {
        let actor = format!("person/{key}");
        Caller { owner: actor.clone(), actor, role, scopes: None }
    }

    /// Whoever can write the database, and so may everything.
    #[must_use]
    pub fn machine_owner() -> Caller {
        let actor = "owner".to_owned();
        Caller { owner: actor.clone(), actor, role: Role::Administrator, scopes: None }
    }

    /// Goes on only when he has all that whoever is `given` something would have by it.
    pub(super) fn must_have_all_of(&self, given: &Caller) -> Result<(), Refusal> {
        let mut all = Permission::ALL.into_iter();
        let beyond = all.find(|permission| given.may(*permission) && !self.may(*permission));
        beyond.map_or(Ok(()), |permission| Err(Refusal::Forbidden(permission)))
    }

    /// The program that holds the key with this prefix; `first` is the one it got first, before
    /// all rotations.
    pub(super) fn key(
        prefix: &str,
        first: &str,
        role: Role,
        scopes: Option<Vec<Permission>>,
    ) -> Caller {
        let (actor, owner) = (format!("key/{prefix}"), format!("key/{first}"));
        Caller { actor, owner, role, scopes }
    }

    /// What his key is for, where it is not for everything his role may.
    #[must_use]
    pub fn scopes(&self) -> Option<&[Permission]> {
        self.scopes.as_deref()
    }

    /// Whether he may.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        let is_in_scope = |scopes: &Vec<Permission>| scopes.contains(&permission);
        self.scopes.as_ref().is_none_or(is_in_scope)
            && self.role.permissions().contains(&permission)
    }

    /// Goes on only when he may.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn must(&self, permission: Permission) -> Result<(), Refusal> {
        if self.may(permission) { Ok(()) } else { Err(Refusal::Forbidden(permission)) }
    }
}
