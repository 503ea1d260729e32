//! The group `wardle.example.com`.

mod fischers;
mod flunders;
pub mod v1alpha1;
pub mod v1beta1;

use rest_resource::server::{ApiGroup, ApiServer, ApiServerBuilder};
use rest_resource::{Store, StoreOptions};

pub use fischers::Fischers;
pub use flunders::{FlunderStatuses, Flunders};

/// A server of the group, with its objects in a store; v1beta1 is the preferred version.
pub fn server(options: &StoreOptions) -> ApiServerBuilder {
    let fischers = Store::new(options);
    let flunders = Store::new(options).strategy(flunders::FlunderStrategy::new(fischers.clone()));
    let status = flunders.status();
    let group = ApiGroup::new("wardle.example.com")
        .versions(["v1beta1", "v1alpha1"])
        .install(Flunders { store: flunders })
        .install(FlunderStatuses { store: status })
        .install(Fischers { store: fischers });
    ApiServer::builder().group(group)
}
