/** Where entries are made: at the server itself, or as Kubernetes objects. */
@NullMarked
package org.spiredoctor.registration.server;

import org.jspecify.annotations.NullMarked;
