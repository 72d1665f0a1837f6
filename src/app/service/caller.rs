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
    /// For whom he speaks at the desk.
    speaks: Speaks,
    /// Whether he states the moment of what he does; the clock of the machine says it otherwise.
    pub(super) states_when: bool,
}

/// For whom somebody speaks at the desk.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Speaks {
    /// For whomever he names: the database is his.
    All,
    /// For these, of whom he is the only one where there is no other.
    For(Vec<String>),
}

impl Caller {
    /// A person who signed in elsewhere, such as at a proxy that is trusted.
    #[must_use]
    pub fn person(key: &str, role: Role) -> Caller {
        let actor = format!("person/{key}");
        let speaks = Speaks::For(vec![key.to_owned()]);
        Caller { owner: actor.clone(), actor, role, scopes: None, speaks, states_when: false }
    }

    /// Whoever can write the database, and so may everything.
    #[must_use]
    pub fn machine_owner() -> Caller {
        let actor = "owner".to_owned();
        let (role, speaks) = (Role::Administrator, Speaks::All);
        Caller { owner: actor.clone(), actor, role, scopes: None, speaks, states_when: false }
    }

    /// The same, who states the moment of what he does.
    #[must_use]
    pub fn stating_when(mut self) -> Caller {
        self.states_when = true;
        self
    }

    /// Goes on only when he has all that whoever is `given` something would have by it.
    pub(super) fn must_have_all_of(&self, given: &Caller) -> Result<(), Refusal> {
        let mut all = Permission::ALL.into_iter();
        let beyond = all.find(|permission| given.may(*permission) && !self.may(*permission));
        beyond.map_or(Ok(()), |permission| Err(Refusal::Forbidden(permission)))
    }

    /// The program that holds the key with this prefix and speaks for these people; `first` is the
    /// key it got first, before all rotations.
    pub(super) fn key(
        (prefix, first): (&str, &str),
        role: Role,
        scopes: Option<Vec<Permission>>,
        people: &[String],
    ) -> Caller {
        let actor = match people {
            [only] => format!("key/{prefix}/{only}"),
            _ => format!("key/{prefix}"),
        };
        let speaks = Speaks::For(people.to_vec());
        Caller { actor, owner: format!("key/{first}"), role, scopes, speaks, states_when: false }
    }

    /// Whether he speaks for `person` at the desk, and so has what posts the policy gives that one.
    #[must_use]
    pub fn speaks_for(&self, person: &str) -> bool {
        match &self.speaks {
            Speaks::All => true,
            Speaks::For(people) => people.iter().any(|own| own == person),
        }
    }

    /// Whether the database is his, and so everybody's name.
    #[must_use]
    pub fn speaks_for_all(&self) -> bool {
        self.speaks == Speaks::All
    }

    /// Goes on only when keys for `people` are his to give: whoever lays hands on all keys says who
    /// people are, one with scopes speaks for them himself.
    pub(super) fn must_speak_for_all_of(&self, people: &[String]) -> Result<(), Refusal> {
        let beyond = people.iter().find(|person| !self.speaks_for(person));
        match beyond.filter(|_| self.scopes.is_some()) {
            Some(person) => Err(Refusal::NotHis(person.clone())),
            None => Ok(()),
        }
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
