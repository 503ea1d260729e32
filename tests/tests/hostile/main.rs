//! What a server must survive: each of these requests is answered by its exact `Status`, harms nothing and stores nothing.

mod bodies;
mod patches;
mod random;
mod requests;

use rest_resource_tests::client::{FISCHERS, FLUNDERS};
use rest_resource_tests::{Answer, Client};
use serde_json::Value;

const JSON: (&str, &str) = ("content-type", "application/json");
const YAML: (&str, &str) = ("content-type", "application/yaml");

/// A server and what is stored in it.
struct Target {
    client: Client,
    stored: [Value; 2],
}

impl Target {
    /// wardle without an object.
    async fn empty() -> Self {
        Self::of(Client::wardle()).await
    }

    /// wardle with the flunder `a`.
    async fn with_a() -> Self {
        let client = Client::wardle();
        client.flunder("a").await;
        Self::of(client).await
    }

    async fn of(client: Client) -> Self {
        let stored = stored(&client).await;
        Self { client, stored }
    }

    /// Everything is as it was, resource versions included, and the server says that it is well.
    #[track_caller]
    fn is_unharmed(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            assert_eq!(stored(&self.client).await, self.stored, "{caller}");
            assert_eq!(self.client.get("/readyz").await.text, "ok", "{caller}");
        }
    }
}

async fn stored(client: &Client) -> [Value; 2] {
    let everywhere = FLUNDERS.replace("/namespaces/default", "");
    [
        client.get(&everywhere).await.expect(http::StatusCode::OK),
        client.get(FISCHERS).await.expect(http::StatusCode::OK),
    ]
}

/// Asserts on a `Status` whose message begins so, and gives the rest of the message.
#[track_caller]
fn refused(answer: Answer, code: u16, reason: &str, start: &str) -> String {
    let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
    answer.expect_status(code, reason, &message);
    message.strip_prefix(start).unwrap_or_else(|| panic!("{message}")).to_owned()
}
