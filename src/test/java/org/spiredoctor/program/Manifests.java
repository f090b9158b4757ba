package org.spiredoctor.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files in {@code deploy/}, and what is in them. */
final class Manifests {
  /** Where they are. */
  static final Path DIRECTORY = Path.of("deploy");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Manifests() {}

  /** Those that a cluster takes as they are. */
  static List<Path> forClusters() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** The text of one of them. */
  static String text(String name) throws IOException {
    return Files.readString(DIRECTORY.resolve(name));
  }

  /** All documents of a text. */
  static List<JsonNode> documents(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return documents.readAll();
    }
  }

  /** The spec of the pods that an object makes. */
  static JsonNode podSpec(JsonNode object) {
    JsonNode spec = object.path("spec");
    return switch (object.path("kind").asText()) {
      case "Pod" -> spec;
      case "CronJob" -> spec.at("/jobTemplate/spec/template/spec");
      default -> spec.at("/template/spec");
    };
  }
}
