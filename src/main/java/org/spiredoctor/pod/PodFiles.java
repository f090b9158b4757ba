package org.spiredoctor.pod;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.spiredoctor.pod.SocketPath.Sibling;

/** Looks at files, and only looks. */
public final class PodFiles {

  /** More than this in one directory is not a socket directory any more. */
  private static final int MOST_SIBLINGS = 100;

  private PodFiles() {}

  /** Everything that can be seen at a path and on the way to it. */
  public static SocketPath look(Path path) {
    List<PathElement> steps = new ArrayList<>();
    Path root = Objects.requireNonNull(path.getRoot(), "an absolute path");
    steps.add(step(root));
    for (Path name : path) {
      PathElement step = step(steps.getLast().path().resolve(name));
      if (step.kind() == FileKind.MISSING) {
        break;
      }
      steps.add(step);
      if (step.kind() == FileKind.HIDDEN || step.kind() == FileKind.BROKEN) {
        break;
      }
    }
    Path directory = Objects.requireNonNullElse(path.getParent(), root);
    Optional<List<Sibling>> siblings = Optional.empty();
    Optional<String> unlistable = Optional.empty();
    if (Files.isDirectory(directory)) {
      try {
        siblings = Optional.of(list(directory));
      } catch (IOException | DirectoryIteratorException e) {
        unlistable = Optional.of(reason(e));
      }
    }
    return new SocketPath(path, resolve(path), List.copyOf(steps), siblings, unlistable);
  }

  /** The path without symbolic links, as far as it exists. */
  public static Path resolve(Path path) {
    for (Path existing = path; existing != null; existing = existing.getParent()) {
      try {
        return existing.toRealPath().resolve(existing.relativize(path));
      } catch (IOException e) {
        // Not there, or closed to us: then what is above it.
      }
    }
    return path;
  }

  /** One element, with symbolic links followed. */
  public static PathElement step(Path path) {
    try {
      Map<String, Object> unix = Files.readAttributes(path, "unix:mode,uid,gid,ino,ctime");
      int mode = (Integer) Objects.requireNonNull(unix.get("mode"));
      FileKind kind = FileKind.ofMode(mode);
      boolean passable =
          switch (kind) {
            case DIRECTORY -> Files.isExecutable(path);
            case SOCKET -> Files.isWritable(path);
            case FILE, OTHER, MISSING, HIDDEN, BROKEN -> true;
          };
      return new PathElement(
          path,
          kind,
          mode & 0xFFF,
          (Integer) Objects.requireNonNull(unix.get("uid")),
          (Integer) Objects.requireNonNull(unix.get("gid")),
          identity(unix),
          passable);
    } catch (AccessDeniedException e) {
      return unseen(path, FileKind.HIDDEN);
    } catch (NoSuchFileException e) {
      return unseen(path, FileKind.MISSING);
    } catch (FileSystemException e) {
      boolean under = String.valueOf(e.getReason()).contains("Not a directory");
      return unseen(path, under ? FileKind.MISSING : FileKind.BROKEN);
    } catch (IOException e) {
      return unseen(path, FileKind.BROKEN);
    }
  }

  /** The inode alone would not do: file systems give the number of a removed file away again. */
  private static long identity(Map<String, Object> unix) {
    return Objects.hash(unix.get("ino"), unix.get("ctime"));
  }

  private static PathElement unseen(Path path, FileKind kind) {
    return new PathElement(path, kind, 0, -1, -1, 0, kind != FileKind.HIDDEN);
  }

  private static List<Sibling> list(Path directory) throws IOException {
    List<Sibling> siblings = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (siblings.size() == MOST_SIBLINGS) {
          break;
        }
        siblings.add(new Sibling(String.valueOf(entry.getFileName()), step(entry).kind()));
      }
    }
    siblings.sort(Comparator.comparing(Sibling::name));
    return List.copyOf(siblings);
  }

  /** The operating system's word for what went wrong. */
  private static String reason(Exception e) {
    Throwable cause = e instanceof DirectoryIteratorException iterating ? iterating.getCause() : e;
    if (cause instanceof AccessDeniedException) {
      return "Permission denied";
    }
    return cause instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(cause);
  }
}
