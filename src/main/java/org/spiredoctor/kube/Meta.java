package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every object has.
 *
 * @param namespace empty for objects of the cluster
 * @param deleting whether it is on its way out
 */
public record Meta(
    String namespace,
    String name,
    String uid,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<OwnerReference> owners,
    Optional<Instant> created,
    boolean deleting) {

  /**
   * An owner reference.
   *
   * @param controller whether the owner keeps the object as it is; others are only deleted before
   *     it
   */
  public record OwnerReference(String kind, String name, String uid, boolean controller) {
    private static OwnerReference of(JsonNode owner) {
      return new OwnerReference(
          owner.path("kind").asText(),
          owner.path("name").asText(),
          owner.path("uid").asText(),
          owner.path("controller").asBoolean());
    }
  }

  /** Of the API's JSON. */
  public static Meta of(JsonNode object) {
    JsonNode meta = object.path("metadata");
    return new Meta(
        meta.path("namespace").asText(),
        meta.path("name").asText(),
        meta.path("uid").asText(),
        Json.strings(meta.path("labels")),
        Json.strings(meta.path("annotations")),
        Json.list(meta.path("ownerReferences"), OwnerReference::of).stream()
            .filter(owner -> ObjectNames.isName(owner.name()) && ObjectNames.isName(owner.kind()))
            .toList(),
        Json.time(meta.path("creationTimestamp")),
        meta.has("deletionTimestamp"));
  }

  /** Whether it is made by the owner of this UID, directly. */
  public boolean isOwnedBy(String ownerUid) {
    return owners.stream().anyMatch(owner -> owner.uid().equals(ownerUid));
  }

  /** {@code apps/web-0}. */
  public String inWords() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
