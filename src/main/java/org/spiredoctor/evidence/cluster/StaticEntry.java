package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Json;

/** A ClusterStaticEntry: the order to a spire-controller-manager to make one entry. */
public final class StaticEntry {
  /** All fields of its {@code spec} but the class. */
  public static final List<String> FIELDS =
      List.of(
          "spiffeID",
          "parentID",
          "selectors",
          "federatesWith",
          "x509SVIDTTL",
          "jwtSVIDTTL",
          "dnsNames",
          "hint",
          "admin",
          "downstream",
          "storeSVID");

  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(h|ms|m|s)");

  private StaticEntry() {}

  /** The {@code spec} that declares an entry; what is the default is left out. */
  public static ObjectNode spec(Entry entry) {
    Entry.Settings settings = entry.settings();
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.put("spiffeID", entry.spiffeId()).put("parentID", entry.parentId());
    texts(spec, "selectors", selectors(entry));
    texts(spec, "federatesWith", entry.federatesWith());
    texts(spec, "dnsNames", settings.dnsNames());
    seconds(spec, "x509SVIDTTL", settings.x509SvidTtl());
    seconds(spec, "jwtSVIDTTL", settings.jwtSvidTtl());
    flag(spec, "admin", settings.admin());
    flag(spec, "downstream", entry.downstream());
    flag(spec, "storeSVID", entry.storeSvid());
    if (!entry.hint().isEmpty()) {
      spec.put("hint", entry.hint());
    }
    return spec;
  }

  /** The selectors as texts, in order. */
  public static List<String> selectors(Entry entry) {
    return new TreeSet<>(entry.selectors()).stream().map(Selector::toString).toList();
  }

  /** What an object declares; its id is the object's name. */
  public static Entry entry(JsonNode object) {
    JsonNode spec = object.path("spec");
    Set<Selector> selectors =
        Json.texts(spec.path("selectors")).stream()
            .map(Selector::parse)
            .collect(Collectors.toSet());
    return new Entry(
        object.path("metadata").path("name").asText(),
        spec.path("spiffeID").asText(),
        spec.path("parentID").asText(),
        selectors,
        Optional.empty(),
        Optional.empty(),
        spec.path("downstream").asBoolean(),
        spec.path("storeSVID").asBoolean(),
        spec.path("hint").asText(),
        Json.texts(spec.path("federatesWith")),
        new Entry.Settings(
            spec.path("admin").asBoolean(),
            seconds(spec.path("x509SVIDTTL").asText()),
            seconds(spec.path("jwtSVIDTTL").asText()),
            Json.texts(spec.path("dnsNames")),
            false,
            false));
  }

  /** Of a duration as Go writes it, such as {@code 1h30m0s}; 0 for none. */
  private static int seconds(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      double number = Double.parseDouble(part.group(1));
      double seconds =
          switch (part.group(2)) {
            case "h" -> number * 3600;
            case "m" -> number * 60;
            case "s" -> number;
            default -> number / 1000;
          };
      sum = sum.plusMillis((long) (seconds * 1000));
    }
    return (int) sum.toSeconds();
  }

  private static void texts(ObjectNode spec, String name, List<String> values) {
    values.forEach(value -> spec.withArray("/" + name).add(value));
  }

  private static void seconds(ObjectNode spec, String name, int seconds) {
    if (seconds != 0) {
      spec.put(name, seconds + "s");
    }
  }

  private static void flag(ObjectNode spec, String name, boolean is) {
    if (is) {
      spec.put(name, true);
    }
  }
}
