package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** Something that Kubernetes tells of an object; the message is untrusted. */
public record Event(
    String kind,
    String namespace,
    String name,
    String uid,
    String type,
    String reason,
    String message,
    Optional<Instant> last) {

  /** Of the API's JSON. */
  public static Event of(JsonNode event) {
    JsonNode about = event.path("involvedObject");
    return new Event(
        about.path("kind").asText(),
        about.path("namespace").asText(),
        about.path("name").asText(),
        about.path("uid").asText(),
        event.path("type").asText(),
        event.path("reason").asText(),
        event.path("message").asText(),
        Json.time(event.path("lastTimestamp"))
            .or(() -> Json.time(event.path("eventTime")))
            .or(() -> Json.time(event.path("metadata").path("creationTimestamp"))));
  }
}
