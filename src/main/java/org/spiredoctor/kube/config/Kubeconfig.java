package org.spiredoctor.kube.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kubeconfig files, merged as kubectl merges them: the first file that has a cluster, a user or
 * a context of a name has it wholly, and the first that names a current context decides it.
 *
 * @param files that were read
 * @param currentContext empty when no file names one
 */
public record Kubeconfig(
    List<Path> files,
    Map<String, Part> clusters,
    Map<String, Part> users,
    Map<String, Part> contexts,
    String currentContext) {

  /** In bytes; a kubeconfig of hundreds of clusters has two MiB. */
  static final int LARGEST_FILE = 16 * 1024 * 1024;

  /**
   * A named cluster, user or context.
   *
   * @param file in which it is; relative paths are relative to its directory
   */
  record Part(JsonNode value, Path file) {
    /** A text; empty when it is missing. */
    String text(String field) {
      return value.path(field).asText();
    }

    /** A file that is named relative to the kubeconfig; absent when none is named. */
    Optional<Path> path(String field) {
      return Optional.of(text(field)).filter(name -> !name.isEmpty()).map(this::resolve);
    }

    Path resolve(String name) {
      return file.toAbsolutePath().resolveSibling(name);
    }
  }

  /**
   * The files that kubectl would read: those of {@code KUBECONFIG}, or else {@code ~/.kube/config}.
   */
  public static List<Path> files(Map<String, String> environment) {
    String list = environment.getOrDefault("KUBECONFIG", "");
    if (list.isEmpty()) {
      String home = environment.getOrDefault("HOME", "");
      return home.isEmpty() ? List.of() : List.of(Path.of(home, ".kube", "config"));
    }
    Set<String> names = new LinkedHashSet<>(Stream.of(list.split(":", -1)).toList());
    return names.stream().filter(name -> !name.isEmpty()).map(Path::of).toList();
  }

  /** Reads those that exist. */
  public static Kubeconfig readExisting(List<Path> files) throws ConfigException {
    return read(files.stream().filter(Files::exists).toList());
  }

  /** Reads all of them. */
  public static Kubeconfig read(List<Path> files) throws ConfigException {
    Map<String, Part> clusters = new LinkedHashMap<>();
    Map<String, Part> users = new LinkedHashMap<>();
    Map<String, Part> contexts = new LinkedHashMap<>();
    String current = "";
    for (Path file : files) {
      JsonNode root = YamlTree.read(content(file), file.toString());
      add(root, file, "clusters", "cluster", clusters);
      add(root, file, "users", "user", users);
      add(root, file, "contexts", "context", contexts);
      current = current.isEmpty() ? root.path("current-context").asText() : current;
    }
    return new Kubeconfig(files, clusters, users, contexts, current);
  }

  private static void add(
      JsonNode root, Path file, String list, String field, Map<String, Part> into)
      throws ConfigException {
    Set<String> here = new HashSet<>();
    for (JsonNode named : root.path(list)) {
      String name = named.path("name").asText();
      if (!here.add(name)) {
        throw new ConfigException(file + ": two " + list + " have the name '" + name + "'");
      }
      JsonNode value = named.path(field);
      into.putIfAbsent(name, new Part(value, file));
    }
  }

  private static String content(Path file) throws ConfigException {
    return new String(bytes(file, LARGEST_FILE, file.toString()), StandardCharsets.UTF_8);
  }

  /**
   * The content of a file that a kubeconfig names.
   *
   * @param what for the message
   */
  static byte[] bytes(Path file, int largest, String what) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(largest + 1);
      if (bytes.length > largest) {
        throw new ConfigException(what + " is larger than " + largest / 1024 + " KiB");
      }
      return bytes;
    } catch (IOException e) {
      throw new ConfigException(what + " " + inWords(file, e));
    }
  }

  /** What keeps a file from being read. */
  static String inWords(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "does not exist";
      case AccessDeniedException _ -> "cannot be read: permission denied";
      case FileSystemException failed when failed.getReason() != null ->
          "cannot be read: " + failed.getReason();
      default -> Files.isDirectory(file) ? "is a directory" : "cannot be read";
    };
  }

  /** Whether nothing is in it, as when no file exists. */
  public boolean isEmpty() {
    return clusters.isEmpty() && contexts.isEmpty() && users.isEmpty();
  }

  /** The files' names, for messages. */
  String where() {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  static final Part NOBODY = new Part(MissingNode.getInstance(), Path.of("kubeconfig"));
}
