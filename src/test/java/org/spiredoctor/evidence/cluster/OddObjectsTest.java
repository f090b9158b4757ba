package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.report.ClusterEvidenceText;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.YamlReport;

/** Bundles in which parts are missing, doubled, of another type, or of absurd values. */
class OddObjectsTest {
  private static final int ROUNDS = 2000;
  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final Path BUNDLES = Path.of("src/test/resources/bundles");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A rule, or the report, that fails by an exception says so in these words. */
  private static final String FAULT = "a fault of spire-doctor";

  private final Random random = new Random(20260102);

  @Test
  void noChangeOfAnyPartEndsTheCheck() throws IOException {
    List<JsonNode> bundles = bundles();
    List<String> faults = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode bundle = bundles.get(round % bundles.size()).deepCopy();
      List<String> changes = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changes.add(round % 2 == 0 ? change(bundle) : changeAll(bundle));
      }
      long began = THREADS.getCurrentThreadCpuTime();
      try {
        fault(bundle).ifPresent(what -> faults.add(changes + ": " + what));
      } catch (RuntimeException | StackOverflowError e) {
        faults.add(changes + ": " + trace(e));
      }
      Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - began);
      if (took.compareTo(LONGEST) > 0) {
        faults.add(changes + ": took " + took);
      }
    }
    assertThat(faults).isEmpty();
  }

  private static String trace(Throwable e) {
    return e + Stream.of(e.getStackTrace()).limit(6).map(f -> "\n    " + f).toList().toString();
  }

  private static Optional<String> fault(JsonNode bundle) {
    ClusterEvidence evidence = ClusterEvidence.of(snapshot(bundle), query());
    Report report = Diagnosis.examine(new ClusterCase(evidence), Rules.all());
    Style style = new Style(false, true, 80);
    String text = TextReport.render(report, style);
    String json = JsonReport.render(report);
    String yaml = YamlReport.render(report);
    String seen = ClusterEvidenceText.render(evidence, style);
    assertThat(text).isNotEmpty();
    assertThat(json).isNotEmpty();
    assertThat(yaml).isNotEmpty();
    assertThat(seen).isNotEmpty();
    return report.unknown().stream()
        .map(u -> u.id() + ": " + u.missing())
        .filter(u -> u.contains(FAULT))
        .findFirst();
  }

  private static Snapshot snapshot(JsonNode bundle) {
    try {
      return Bundle.read(new ByteArrayInputStream(MAPPER.writeValueAsBytes(bundle)), Bundle.LIMIT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClusterQuery query() {
    return new ClusterQuery(
        new ClusterQuery.Pods.WithSocket(Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        true,
        true);
  }

  /** Recorded ones, and scenes in which all kinds of objects are. */
  static List<JsonNode> bundles() throws IOException {
    List<JsonNode> bundles = new ArrayList<>();
    try (Stream<Path> files = Files.list(BUNDLES)) {
      for (Path file : files.sorted().toList()) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          bundles.add(MAPPER.readTree(in));
        }
      }
    }
    for (ClusterScene scene :
        List.of(
            ClusterScene.healthy(),
            ClusterScene.healthy()
                .controllerManager("clusterName: demo\n")
                .agentCrashes("level=error msg=\"Agent crashed\" error=\"boom\""),
            ClusterScene.healthy().serverCrashes("level=error msg=\"failed\" error=\"boom\""))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Bundle.write(scene.evidence().snapshot(), out);
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
        bundles.add(MAPPER.readTree(in));
      }
    }
    return bundles;
  }

  /** Changes all fields of a name, wherever they are, and says which and how. */
  private String changeAll(JsonNode bundle) {
    List<String> names = names(bundle);
    String name = names.get(random.nextInt(names.size()));
    List<JsonNode> holders = bundle.findParents(name);
    JsonNode odd = odd(holders.getFirst().path(name));
    holders.forEach(holder -> ((ObjectNode) holder).set(name, odd.deepCopy()));
    return "all " + name + " " + shortened(odd);
  }

  /** Of the fields below the head of the file. */
  private static List<String> names(JsonNode bundle) {
    Set<String> names = new TreeSet<>();
    for (JsonNode part : bundle) {
      collect(part, names);
    }
    List.of("seen", "unseen", "kind", "apiVersion").forEach(names::remove);
    return List.copyOf(names);
  }

  private static void collect(JsonNode node, Set<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(inner -> collect(inner, names));
  }

  /** Changes one part somewhere, and says which and how. */
  @SuppressWarnings("ReferenceEquality") // the bundle itself is meant
  private String change(JsonNode bundle) {
    JsonNode at = bundle;
    StringBuilder path = new StringBuilder();
    while (true) {
      int size = at.size();
      int chosen = random.nextInt(size);
      JsonNode next =
          at instanceof ObjectNode object ? object.get(name(object, chosen)) : at.get(chosen);
      path.append('/')
          .append(at instanceof ObjectNode object ? name(object, chosen) : String.valueOf(chosen));
      boolean deep = next.isContainerNode() && !next.isEmpty();
      // The head of the file is another test's.
      if (at != bundle && (!deep || random.nextInt(8) == 0)) {
        return path + " " + replace(at, chosen, next);
      }
      if (!deep) {
        path.setLength(0);
        at = bundle;
      } else {
        at = next;
      }
    }
  }

  private static String name(ObjectNode object, int n) {
    return object.properties().stream().skip(n).findFirst().orElseThrow().getKey();
  }

  private String replace(JsonNode in, int at, JsonNode what) {
    int way = random.nextInt(10);
    if (in instanceof ArrayNode array) {
      if (way == 0) {
        array.remove(at);
        return "removed";
      }
      if (way == 1) {
        array.add(what.deepCopy());
        return "doubled";
      }
      JsonNode odd = odd(what);
      array.set(at, odd);
      return shortened(odd);
    }
    ObjectNode object = (ObjectNode) in;
    String name = name(object, at);
    if (way == 0) {
      object.remove(name);
      return "removed";
    }
    JsonNode odd = odd(what);
    object.set(name, odd);
    return shortened(odd);
  }

  private static String shortened(JsonNode odd) {
    String text = odd.toString();
    return "= " + text.substring(0, Math.min(60, text.length()));
  }

  private JsonNode odd(JsonNode was) {
    List<JsonNode> values =
        List.of(
            JSON.nullNode(),
            JSON.booleanNode(true),
            JSON.numberNode(42),
            JSON.numberNode(-1),
            JSON.numberNode(Long.MAX_VALUE),
            JSON.numberNode(Long.MIN_VALUE),
            JSON.numberNode(Double.MAX_VALUE),
            JSON.numberNode(BigInteger.TEN.pow(400)),
            JSON.textNode(""),
            JSON.textNode("\0"),
            JSON.textNode("/a\0b"),
            JSON.textNode("/"),
            JSON.textNode("//"),
            JSON.textNode("../.."),
            JSON.textNode("relative/path"),
            JSON.textNode("unix:///"),
            JSON.textNode("spiffe://"),
            JSON.textNode("spiffe://[/"),
            JSON.textNode("[]"),
            JSON.textNode("{{ .TrustDomain"),
            JSON.textNode("99999999999999999999"),
            JSON.textNode("9223372036854775807"),
            JSON.textNode("2026-99-99T00:00:00Z"),
            JSON.textNode("+1000000000-12-31T23:59:59.999999999Z"),
            JSON.textNode("-1000000000-01-01T00:00:00Z"),
            JSON.textNode("--all"),
            JSON.textNode("\ud800 \u202e\u2028\u0085\u001b[2J\u0007"),
            JSON.textNode("x".repeat(100_000)),
            JSON.textNode(was.asText() + "\n" + was.asText()),
            JSON.arrayNode(),
            JSON.objectNode(),
            JSON.arrayNode().add(was.deepCopy()),
            JSON.objectNode().set("name", was.deepCopy()),
            nested());
    return values.get(random.nextInt(values.size()));
  }

  private static JsonNode nested() {
    JsonNode inner = JSON.objectNode();
    for (int i = 0; i < 400; i++) {
      inner = JSON.objectNode().set("a", JSON.arrayNode().add(inner));
    }
    return inner;
  }
}
