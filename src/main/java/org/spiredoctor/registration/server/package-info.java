/** Where entries are made: by the server's program, over its API, or as Kubernetes objects. */
@NullMarked
package org.spiredoctor.registration.server;

import org.jspecify.annotations.NullMarked;
