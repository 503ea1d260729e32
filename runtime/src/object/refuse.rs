//! What a serializer does not take.

/// Methods of a serializer that refuse what they are given.
macro_rules! refuse {
    ($($method:ident($($argument:ty),*) $(-> $compound:ident)?;)*) => {$(
        $crate::object::refuse::refuse!(@ $method($($argument),*) $($compound)?);
    )*};
    (@ $method:ident($($argument:ty),*) $compound:ident) => {
        fn $method(self, $(_: $argument),*) -> Result<Self::$compound, Self::Error> {
            Err(serde::ser::Error::custom("not taken"))
        }
    };
    (@ $method:ident($($argument:ty),*)) => {
        fn $method(self, $(_: $argument),*) -> Result<Self::Ok, Self::Error> {
            Err(serde::ser::Error::custom("not taken"))
        }
    };
}

pub(super) use refuse;
