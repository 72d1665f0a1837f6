//! What a cell says about a value that may have been there before. Must not know which value.

/// The text of a cell that takes a value away; `'-` is the text itself.
pub const CLEAR: &str = "-";

/// What a cell says of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// Nothing: it stays as it was.
    #[default]
    Keep,
    /// That there is none any more ([`CLEAR`]).
    Clear,
    /// What it is from now on.
    Set(T),
}

impl<T> Edit<T> {
    /// The value stated, if any.
    pub fn stated(&self) -> Option<&T> {
        match self {
            Edit::Set(value) => Some(value),
            Edit::Keep | Edit::Clear => None,
        }
    }

    /// Whether the cell says nothing.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Edit::Keep)
    }

    /// The value made into another one; what cannot be made changes nothing.
    pub(super) fn read<U>(&self, read: impl FnOnce(&T) -> Option<U>) -> Edit<U> {
        match self {
            Edit::Keep => Edit::Keep,
            Edit::Clear => Edit::Clear,
            Edit::Set(value) => read(value).map_or(Edit::Keep, Edit::Set),
        }
    }

    /// Changes a value that may be missing.
    pub(super) fn change(self, field: &mut Option<T>) {
        match self {
            Edit::Keep => {}
            Edit::Clear => *field = None,
            Edit::Set(value) => *field = Some(value),
        }
    }

    /// Changes a value that, taken away, is the usual one.
    pub(super) fn change_or_default(self, field: &mut T)
    where
        T: Default,
    {
        match self {
            Edit::Keep => {}
            Edit::Clear => *field = T::default(),
            Edit::Set(value) => *field = value,
        }
    }
}
