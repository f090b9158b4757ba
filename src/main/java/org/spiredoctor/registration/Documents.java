package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Suggestions;
import org.spiredoctor.registration.EntryField.Form;

/** Reads the documents of a file, each by its kind. */
final class Documents {
  private static final String KIND = "Registrations";
  private static final String VERSION = "spiredoctor.org/v1";
  private static final String MANIFEST = "ClusterStaticEntry";
  private static final String MANIFEST_VERSION = "spire.spiffe.io/v1alpha1";
  private static final String LIST = "List";
  private static final String LIST_VERSION = "v1";

  private static final String ACCEPTED =
      "accepted are kind Registrations (apiVersion spiredoctor.org/v1), kind ClusterStaticEntry"
          + " (spire.spiffe.io/v1alpha1), a List of these, and the JSON of"
          + " 'spire-server entry create -data'";

  private final Problems problems;
  private final List<Declared> entries = new ArrayList<>();

  Documents(Problems problems) {
    this.problems = problems;
  }

  /** Those in which nothing is wrong, in their order. */
  List<Declared> entries() {
    return entries;
  }

  void read(Value document) {
    document.fields().ifPresent(fields -> read(document, fields));
  }

  private void read(Value document, Fields fields) {
    if (!fields.has("kind") && !fields.has("apiVersion")) {
      readJson(document, fields);
      return;
    }
    String kind = kind(fields);
    switch (kind) {
      case KIND -> {
        if (isOfVersion(VERSION, fields)) {
          readEntries(fields, Form.REGISTRATIONS, Set.of("apiVersion", "kind"));
        }
      }
      case MANIFEST -> readManifest(document, fields);
      case LIST -> readList(fields);
      default -> refuse(kind, fields);
    }
  }

  /** Empty where it is not given, which is noted. */
  private static String kind(Fields fields) {
    return fields
        .required("kind", ACCEPTED)
        .flatMap(value -> value.parsed(text -> text))
        .orElse("");
  }

  private static boolean isOfVersion(String wanted, Fields fields) {
    return fields
        .required("apiVersion", "write " + wanted)
        .flatMap(
            value ->
                value.parsed(
                    version -> {
                      if (!version.equals(wanted)) {
                        throw new WrongValue(
                            WrongValue.quote(version) + " is not known; write " + wanted);
                      }
                      return version;
                    }))
        .isPresent();
  }

  private static void refuse(String kind, Fields fields) {
    if (!kind.isEmpty()) {
      String meant =
          Suggestions.nearest(kind, List.of(KIND, MANIFEST))
              .map(near -> "; did you mean '" + near + "'? ")
              .orElse("; ");
      fields
          .get("kind")
          .ifPresent(v -> v.wrong(WrongValue.quote(kind) + " is not read here" + meant + ACCEPTED));
    }
  }

  private void readList(Fields fields) {
    if (isOfVersion(LIST_VERSION, fields)) {
      fields.refuseOthers(List.of("apiVersion", "kind", "items"), Set.of("metadata"));
      fields
          .required("items", "the manifests; [] for none")
          .map(Value::items)
          .orElse(List.of())
          .forEach(this::readItem);
    }
  }

  private void readItem(Value item) {
    Optional<Fields> fields = item.fields();
    String kind = fields.map(Documents::kind).orElse("");
    if (kind.equals(MANIFEST)) {
      readManifest(item, fields.orElseThrow());
    } else {
      fields.ifPresent(f -> refuse(kind, f));
    }
  }

  private void readManifest(Value manifest, Fields fields) {
    if (isOfVersion(MANIFEST_VERSION, fields)) {
      fields.refuseOthers(List.of("apiVersion", "kind", "metadata", "spec"), Set.of("status"));
      fields
          .required("spec", "it holds the entry")
          .ifPresent(spec -> readEntry(spec, Form.STATIC_ENTRY, manifest.line()));
    }
  }

  /** Without apiVersion and kind. */
  private void readJson(Value document, Fields fields) {
    if (!fields.has("entries")) {
      document.wrong("has no apiVersion and kind; " + ACCEPTED);
    } else if (isHeadless(document)) {
      document.wrong("begin it with 'apiVersion: " + VERSION + "' and 'kind: " + KIND + "'");
    } else {
      readEntries(fields, Form.SPIRE_JSON, Set.of());
    }
  }

  /** Whether its entries are of our kind: else each field of each would be called unknown. */
  private static boolean isHeadless(Value document) {
    return new Value(document.node(), "", new Problems(""))
            .fields()
            .flatMap(fields -> fields.get("entries"))
            .map(Value::items)
            .orElse(List.of())
            .stream()
            .limit(1)
            .flatMap(first -> first.fields().stream())
            .anyMatch(first -> first.has(EntryField.SPIFFE_ID.in(Form.REGISTRATIONS)));
  }

  private void readEntries(Fields fields, Form form, Set<String> head) {
    fields.refuseOthers(List.of("entries"), head);
    fields
        .required("entries", "the list of entries; [] for none")
        .map(Value::items)
        .orElse(List.of())
        .forEach(item -> readEntry(item, form, item.line()));
  }

  private void readEntry(Value value, Form form, int line) {
    EntryReader.read(value, form, problems.origin(line)).ifPresent(entries::add);
  }
}
