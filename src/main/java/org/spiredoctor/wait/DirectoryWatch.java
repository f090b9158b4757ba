package org.spiredoctor.wait;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/**
 * Tells of changes (inotify) in the directory of a path, or, as long as that is not there, in the
 * nearest directory above that is. It may miss some, on network file systems for one, so its user
 * looks now and then as well.
 */
final class DirectoryWatch implements AutoCloseable {
  private final Path path;
  private final WatchService service;
  private @Nullable Path watched;
  private @Nullable WatchKey key;

  private DirectoryWatch(Path path, WatchService service) {
    this.path = path;
    this.service = service;
  }

  /** Null where the system has no more inotify instances to give. */
  static @Nullable DirectoryWatch on(Path path, Runnable changed) {
    try {
      DirectoryWatch watch = new DirectoryWatch(path, path.getFileSystem().newWatchService());
      Thread.ofPlatform().daemon().name("directory-watch").start(() -> watch.run(changed));
      return watch;
    } catch (IOException e) {
      return null;
    }
  }

  /** Watches the nearest directory that exists now; to be called before each look. */
  void follow() {
    Path nearest = path.getParent();
    while (nearest != null && !Files.isDirectory(nearest)) {
      nearest = nearest.getParent();
    }
    WatchKey current = key;
    if (nearest == null || (nearest.equals(watched) && current != null && current.isValid())) {
      return;
    }
    if (current != null) {
      current.cancel();
    }
    try {
      key = nearest.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
      watched = nearest;
    } catch (IOException | ClosedWatchServiceException e) {
      key = null;
      watched = null;
    }
  }

  private void run(Runnable changed) {
    try {
      while (true) {
        WatchKey happened = service.take();
        happened.pollEvents();
        happened.reset();
        changed.run();
      }
    } catch (ClosedWatchServiceException e) {
      // The waiting is over.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      // Nothing was lost: only watching ends.
    }
  }
}
