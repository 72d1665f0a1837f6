//! The service: use cases over what is kept. Callers with roles, requests that may come again,
//! clients, people, tickets, plans. Synchronous; every use case is told the time and who asks.
//! Must not know status codes, routes or how a caller reached it.

pub mod access;
pub mod bargain;
pub mod base;
pub mod clients;
pub mod desk;
pub mod events;
pub mod hooks;
pub mod kept;
pub mod keys;
pub mod once;
pub mod people;
pub mod plans;
pub mod quotes;
pub mod role;
pub mod sender;
pub mod shown;
pub mod simulations;
pub mod tickets;

mod aside;
mod asked;
mod bare;
mod caller;
mod caretaker;
mod cell;
mod change;
mod erasing;
mod estimate;
mod heard;
mod in_order;
mod marks;
mod named;
mod outrun;
mod overtaken;
mod parking;
mod promises;
mod publishing;
mod refusal;
mod scene;
mod shelf;
mod sign;
mod sound;
mod standing;
mod terms;
mod tidying;
mod weighing;
mod wire;

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use aside::Aside;
pub use caller::Caller;
pub use caretaker::{SENDERS, care, deliver};
pub use refusal::{OfOne, Refusal, Unidentified};
pub use sign::signature;
pub use tidying::Keeping;
pub use wire::Wire;

use crate::app::Failure;
use crate::store::{self, Batch, Memory, Shared, Sqlite};
use cell::Cell;
use keys::{Keyring, Listed, MadeKey, Remembered, Wish};

/// Everything the stateful use cases work on. Shared by threads; no lock is held while the store
/// is asked, but that of who reads the hooks anew.
pub struct Service {
    store: Shared,
    keys: Remembered,
    /// Views not written yet.
    noted: access::Noted,
    hooks: hooks::Hooks,
    turns: sender::Turns,
    /// Held while a date is promised, and while the plan that dates rest on is replaced.
    dates: Mutex<()>,
    keeping: Keeping,
    /// Parts of plans that are kept.
    shelf: shelf::Shelf,
    /// The base in force.
    known: Cell<base::Known>,
    /// The plan in force.
    standing: Cell<standing::InForce>,
    /// The same, parked for quotes.
    parked: Cell<parking::Parked>,
    /// Held while it is parked.
    parking: Mutex<()>,
    /// How often people have changed.
    people: AtomicU64,
    /// What is laid down for the desk.
    laid: Cell<desk::Policed>,
    /// From when on moments of clocks may not have been told.
    due_from: AtomicI64,
    /// How many tickets have clocks that cannot be read.
    unread_clocks: AtomicU64,
}

impl Service {
    /// The service over `store`.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn over(store: Shared) -> Result<Service, Failure> {
        let service = Service {
            store,
            keys: Remembered::default(),
            noted: access::Noted::default(),
            hooks: hooks::Hooks::default(),
            turns: sender::Turns::default(),
            dates: Mutex::default(),
            keeping: Keeping::default(),
            shelf: shelf::Shelf::default(),
            known: Cell::default(),
            standing: Cell::default(),
            parked: Cell::default(),
            parking: Mutex::default(),
            people: AtomicU64::new(0),
            laid: Cell::default(),
            due_from: AtomicI64::new(0),
            unread_clocks: AtomicU64::new(0),
        };
        service.load_marks()?;
        service.load_hooks()?;
        service.load_base()?;
        service.load_plan()?;
        Ok(service)
    }

    /// The service over the database at `path`, which is begun when there is none. There is one at
    /// a time: it keeps in memory what is in force.
    ///
    /// # Errors
    /// What the store fails by, above all when another one serves it.
    pub fn open(path: &Path) -> Result<Service, Failure> {
        Service::over(Arc::new(Sqlite::serve(path)?))
    }

    /// The service over the database that is at `path`.
    ///
    /// # Errors
    /// What the store fails by, when there is none above all.
    pub fn open_existing(path: &Path) -> Result<Service, Failure> {
        Service::over(Arc::new(Sqlite::open(path)?))
    }

    /// The same, for who writes: nobody else may serve it meanwhile.
    ///
    /// # Errors
    /// What the store fails by, when there is none or it is served above all.
    pub fn open_alone(path: &Path) -> Result<Service, Failure> {
        if !path.is_file() {
            return Err(store::Failure::Absent(path.to_owned()).into());
        }
        Service::open(path)
    }

    /// A service that forgets everything when it ends.
    #[must_use]
    pub fn in_memory() -> Service {
        Service::over(Arc::new(Memory::new())).expect("an empty store in memory can be read")
    }

    /// The same, which may call hooks inside the house: on this machine and in private networks.
    #[must_use]
    pub fn calling_inside(mut self) -> Service {
        self.hooks.may_stay_inside = true;
        self
    }

    fn dates_held(&self) -> MutexGuard<'_, ()> {
        self.dates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it can read and write.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn ready(&self) -> Result<(), Refusal> {
        self.store.end()?;
        self.store.commit(Batch::new())?;
        Ok(())
    }

    /// The same, which keeps what is dropped some day for so long.
    #[must_use]
    pub fn keeping(mut self, keeping: Keeping) -> Service {
        self.keeping = keeping;
        self
    }
}

/// The owner of the machine: whoever can write the database needs no key to make one.
#[derive(Clone)]
pub struct Owner {
    store: Shared,
}

impl Owner {
    /// The owner of the database at `path`, which is begun when there is none.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn of(path: &Path) -> Result<Owner, Failure> {
        Ok(Owner { store: Arc::new(Sqlite::create_or_open(path)?) })
    }

    /// The owner of the database that is at `path`.
    ///
    /// # Errors
    /// What the store fails by, when there is none above all.
    pub fn of_existing(path: &Path) -> Result<Owner, Failure> {
        Ok(Owner { store: Arc::new(Sqlite::open(path)?) })
    }

    /// The owner of what `service` works on.
    #[must_use]
    pub fn of_service(service: &Service) -> Owner {
        Owner { store: Arc::clone(&service.store) }
    }

    /// Makes a key, the first one in particular.
    ///
    /// # Errors
    /// [`Refusal::Wish`], and what fails outside.
    pub fn make_key(&self, wish: Wish, now_ms: i64) -> Result<MadeKey, Refusal> {
        Keyring::of_owner(&self.store).make(wish, now_ms)
    }

    /// As [`Service::rotate_key`].
    ///
    /// # Errors
    /// As there.
    pub fn rotate_key(
        &self,
        prefix: &str,
        overlap_ms: i64,
        now_ms: i64,
    ) -> Result<MadeKey, Refusal> {
        Keyring::of_owner(&self.store).rotate(prefix, overlap_ms, now_ms)
    }

    /// As [`Service::revoke_key`].
    ///
    /// # Errors
    /// As there.
    pub fn revoke_key(&self, prefix: &str, now_ms: i64) -> Result<(), Refusal> {
        Keyring::of_owner(&self.store).revoke(prefix, now_ms)
    }

    /// All keys, by prefix.
    ///
    /// # Errors
    /// What the store fails by.
    pub fn keys(&self, now_ms: i64) -> Result<Vec<Listed>, Refusal> {
        keys::list(&self.store, now_ms)
    }
}
