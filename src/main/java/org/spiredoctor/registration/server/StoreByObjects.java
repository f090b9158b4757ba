package org.spiredoctor.registration.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.StaticEntry;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeChanges;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.registration.FieldDifference;

/**
 * The entries that ClusterStaticEntry objects declare: where a spire-controller-manager owns the
 * server's entries, it deletes all others within seconds.
 */
public final class StoreByObjects implements EntryStore {
  private static final Kind KIND = Kind.CLUSTER_STATIC_ENTRY;
  private static final int TRIES = 3;

  private final KubeApi api;
  private final KubeChanges changes;
  private final ControllerManager controller;

  /** What objects declare, by their names. */
  private final Map<String, Entry> taken = new HashMap<>();

  /** The resource versions of objects that were read last, by their names. */
  private final Map<String, String> versions = new HashMap<>();

  /**
   * Those that a controller-manager acts on.
   *
   * @param api that is closed with this
   */
  public StoreByObjects(KubeApi api, ControllerManager controller) {
    this.api = api;
    this.changes = new KubeChanges(api);
    this.controller = controller;
  }

  @Override
  public List<Entry> entries() throws StoreException {
    return objects().stream()
        .filter(object -> controller.actsOn(object.path("spec").path("className").asText()))
        .map(StaticEntry::entry)
        .toList();
  }

  @Override
  public List<Entry> entries(Set<String> ids) throws StoreException {
    return entries().stream().filter(entry -> ids.contains(entry.id())).toList();
  }

  private List<JsonNode> objects() throws StoreException {
    try {
      List<JsonNode> objects = api.list(KIND, Optional.empty());
      versions.clear();
      for (JsonNode object : objects) {
        JsonNode meta = object.path("metadata");
        versions.put(meta.path("name").asText(), meta.path("resourceVersion").asText());
      }
      return objects;
    } catch (KubeException e) {
      throw failed("list the declared entries", e);
    }
  }

  private interface Request {
    void send() throws KubeException;
  }

  @Override
  public List<Result> create(List<Entry> entries) throws StoreException {
    List<Result> results = new ArrayList<>();
    for (Entry entry : entries) {
      String name = free(entry);
      ObjectNode object = object(entry, name);
      results.add(result(() -> changes.create(KIND, object)));
      taken.put(name, entry);
    }
    return results;
  }

  @Override
  public List<Result> update(List<EntryUpdate> updates) throws StoreException {
    List<Result> results = new ArrayList<>();
    for (EntryUpdate update : updates) {
      String name = update.meant().id();
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      fields.set("spec", changed(update));
      results.add(
          ofVersion(
              update.seen(),
              version -> {
                fields.putObject("metadata").put("resourceVersion", version);
                changes.merge(KIND, name, fields);
              }));
    }
    return results;
  }

  /** The fields that are meant to change: what a merge does not name it leaves as it is. */
  private static ObjectNode changed(EntryUpdate update) {
    ObjectNode seen = StaticEntry.spec(update.seen());
    ObjectNode meant = StaticEntry.spec(update.meant());
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    for (String field : StaticEntry.FIELDS) {
      if (!Objects.equals(seen.get(field), meant.get(field))) {
        spec.set(field, meant.get(field));
      }
    }
    return spec;
  }

  @Override
  public List<Result> delete(List<Entry> entries) throws StoreException {
    List<Result> results = new ArrayList<>();
    for (Entry entry : entries) {
      results.add(ofVersion(entry, version -> changes.delete(KIND, entry.id(), version)));
    }
    return results;
  }

  private interface Versioned {
    void send(String version) throws KubeException;
  }

  /**
   * Changes an object of the version that was read. A controller-manager that has only written its
   * status has made another version of it, too: then once more.
   */
  private Result ofVersion(Entry seen, Versioned request) throws StoreException {
    for (int i = 1; ; i++) {
      if (!versions.containsKey(seen.id())) {
        objects();
      }
      String version = versions.get(seen.id());
      if (version == null) {
        return new Result(NOT_FOUND, "the ClusterStaticEntry is gone");
      }
      Result result = result(() -> request.send(version));
      if (result.code() != ALREADY_EXISTS) {
        return result;
      }
      List<FieldDifference> meanwhile =
          entries(Set.of(seen.id())).stream()
              .flatMap(now -> FieldDifference.ofAll(seen, now).stream())
              .toList();
      if (!meanwhile.isEmpty() || i == TRIES) {
        return Result.changedMeanwhile(meanwhile);
      }
    }
  }

  private static Result result(Request request) throws StoreException {
    try {
      request.send();
      return Result.OK;
    } catch (KubeException e) {
      return switch (e.reason()) {
        case CONFLICT -> new Result(ALREADY_EXISTS, e.answer());
        case NOT_FOUND -> new Result(NOT_FOUND, e.asked() + ": " + e.answer());
        case OTHER -> new Result(2, e.asked() + ": " + e.answer());
        default -> throw failed("declare entries", e);
      };
    }
  }

  private static StoreException failed(String what, KubeException e) {
    return new StoreException(
        what + ": " + e.asked(), e.answer(), e.reason() == KubeException.Reason.FORBIDDEN);
  }

  /** What was given other selectors keeps its name, which may be another's by now. */
  private String free(Entry entry) throws StoreException {
    if (taken.isEmpty()) {
      objects().stream().map(StaticEntry::entry).forEach(one -> taken.put(one.id(), one));
    }
    String wish = name(entry);
    String name = wish;
    for (int i = 2; ; i++) {
      Entry there = taken.get(name);
      if (there == null || there.key().equals(entry.key())) {
        return name;
      }
      name = wish + "-" + i;
    }
  }

  private ObjectNode object(Entry entry, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", "spire.spiffe.io/v1alpha1").put("kind", "ClusterStaticEntry");
    ObjectNode meta = object.putObject("metadata").put("name", name);
    meta.putObject("labels").put("app.kubernetes.io/managed-by", "spire-doctor");
    ObjectNode spec = StaticEntry.spec(entry);
    if (!controller.className().isEmpty()) {
      spec.put("className", controller.className());
    }
    object.set("spec", spec);
    return object;
  }

  /** The same for the same SPIFFE ID, parent and selectors, so that two runs make one object. */
  private static String name(Entry entry) {
    String key = entry.spiffeId() + ' ' + entry.parentId() + ' ' + StaticEntry.selectors(entry);
    String plain =
        SpiffeIds.path(entry.spiffeId())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    String some = plain.substring(0, Math.min(100, plain.length()));
    return "spire-doctor-" + some + "-" + String.format("%08x", key.hashCode());
  }

  @Override
  public int batch() {
    return 20;
  }

  @Override
  public void close() {
    api.close();
  }
}
