package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/** What is changed of a cluster: objects of no namespace, each on its own. */
public final class KubeChanges {
  private final KubeApi api;

  /** Over this connection. */
  public KubeChanges(KubeApi api) {
    this.api = api;
  }

  /** Makes an object; one of its name must not be there. */
  public void create(Kind kind, JsonNode object) throws KubeException {
    change("create", kind, "", "POST", "application/json", object.toString());
  }

  /** Puts these fields of an object; null takes one away. */
  public void merge(Kind kind, String name, JsonNode fields) throws KubeException {
    change("patch", kind, name, "PATCH", "application/merge-patch+json", fields.toString());
  }

  /** Deletes an object. */
  public void delete(Kind kind, String name) throws KubeException {
    change("delete", kind, name, "DELETE", "application/json", "{}");
  }

  private void change(String verb, Kind kind, String name, String method, String type, String body)
      throws KubeException {
    String asked = KubeApi.asked(verb, kind, Optional.empty()) + (name.isEmpty() ? "" : " " + name);
    // A field that the server does not know would else be dropped without a word.
    String path =
        kind.path(Optional.empty())
            + (name.isEmpty() ? "" : "/" + KubeApi.encode(name))
            + (method.equals("DELETE") ? "" : "?fieldValidation=Strict");
    try {
      api.send(method, path, type, body, asked).close();
    } catch (IOException e) {
      throw new KubeException(
          KubeException.Reason.OTHER, asked, "the answer broke off: " + e.getMessage());
    }
  }
}
