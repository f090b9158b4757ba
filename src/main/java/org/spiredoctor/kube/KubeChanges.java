package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** What is changed of a cluster, each object on its own. */
public final class KubeChanges {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KubeApi api;
  private final Optional<String> namespace;

  /** Of objects of no namespace. */
  public KubeChanges(KubeApi api) {
    this(api, Optional.empty());
  }

  /** Of objects of one namespace. */
  public KubeChanges(KubeApi api, String namespace) {
    this(api, Optional.of(namespace));
  }

  private KubeChanges(KubeApi api, Optional<String> namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /**
   * Makes an object; one of its name must not be there.
   *
   * @return it, as it is then
   */
  public JsonNode create(Kind kind, JsonNode object) throws KubeException {
    return change("create", kind, "", "POST", "application/json", object.toString());
  }

  /**
   * Puts these fields of an object; null takes one away.
   *
   * @throws KubeException when {@code metadata.resourceVersion} is among them, and the object is of
   *     another by now: {@link KubeException.Reason#CONFLICT}
   */
  public void merge(Kind kind, String name, JsonNode fields) throws KubeException {
    change("patch", kind, name, "PATCH", "application/merge-patch+json", fields.toString());
  }

  /**
   * Deletes an object as long as it is of this resource version.
   *
   * @throws KubeException when it was changed: {@link KubeException.Reason#CONFLICT}
   */
  public void delete(Kind kind, String name, String version) throws KubeException {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options.putObject("preconditions").put("resourceVersion", version);
    change("delete", kind, name, "DELETE", "application/json", options.toString());
  }

  /**
   * Deletes this object, and none of its name that was made since.
   *
   * @param grace how long it may take to end by itself
   * @throws KubeException for one that is another: {@link KubeException.Reason#CONFLICT}
   */
  public void delete(Kind kind, Meta object, Duration grace) throws KubeException {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options.put("gracePeriodSeconds", grace.toSeconds());
    options.putObject("preconditions").put("uid", object.uid());
    change("delete", kind, object.name(), "DELETE", "application/json", options.toString());
  }

  private JsonNode change(
      String verb, Kind kind, String name, String method, String type, String body)
      throws KubeException {
    String asked = KubeApi.asked(verb, kind, namespace) + (name.isEmpty() ? "" : " " + name);
    // A field that the server does not know would else be dropped without a word.
    String path =
        kind.path(namespace)
            + (name.isEmpty() ? "" : "/" + KubeApi.encode(name))
            + (method.equals("DELETE") ? "" : "?fieldValidation=Strict");
    try (InputStream answer = api.send(method, path, type, body, asked)) {
      return kind.mask().apply(MAPPER.readTree(answer));
    } catch (IOException e) {
      throw Answers.broken(asked, e);
    }
  }
}
