"""Makes moto answer sooner, and nothing else: what it validates, decides and stores stays its own.

Most of its time for an UpdateItem goes into ten walks over the parsed expression, into copies of it, and into looking up again what does not change
while it runs. A moto that is built differently runs unchanged.
"""

import functools


def _constant_lists() -> None:
    """The list of services is read from moto's own folder, for each request."""
    from moto import backends

    backends.list_of_moto_modules = functools.cache(lambda of=backends.list_of_moto_modules: tuple(of()))


def _known_hosts() -> None:
    """Which service a host name means is found by trying the patterns of all of them, for each request."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    DomainDispatcherApplication.get_backend_for_host = functools.lru_cache(1024)(DomainDispatcherApplication.get_backend_for_host)


def _parsed_once() -> None:
    """An expression is parsed three times a request. Nobody changes what was parsed: validators work on a copy."""
    from moto.dynamodb.parsing.expressions import UpdateExpressionParser

    UpdateExpressionParser.make = functools.lru_cache(512)(UpdateExpressionParser.make)


def _cheap_copies() -> None:
    """A copy of a parsed expression, without the bookkeeping of a general deep copy: it is a tree."""
    import copy

    from moto.dynamodb.parsing.ast_nodes import Node

    is_node = functools.cache(lambda kind: issubclass(kind, Node))

    def copied(node, memo):
        kind = type(node)
        twin = object.__new__(kind)
        fields = vars(twin)
        for name, content in vars(node).items():
            if type(content) is str or content is None or name == "parent":
                fields[name] = content
            elif name != "children":
                fields[name] = copy.deepcopy(content, memo)
        twin.parent = None
        if node.children is not None:
            twin.children = children = []
            for child in node.children:
                if type(child) is str:
                    children.append(child)
                elif is_node(type(child)):
                    child = copied(child, memo)
                    child.parent = twin
                    children.append(child)
                else:
                    children.append(copy.deepcopy(child, memo))
        return twin

    Node.__deepcopy__ = copied


def _short_walks() -> None:
    """Whether a walk has to stop at a node depends on the node's class alone, and two of the checks see everything from the root."""
    from moto.dynamodb.parsing import ast_nodes, validators

    walker, node_class = ast_nodes.DepthFirstTraverser, ast_nodes.Node
    unheard = walker.pre_processing_of_child
    is_node = functools.cache(lambda kind: issubclass(kind, node_class))
    stops: dict = {}

    def walk(self, node, child_id=-1):
        kind = type(node)
        if not is_node(kind):
            return node
        key = (type(self), kind)
        stop = stops.get(key)
        if stop is None:
            stop = stops[key] = isinstance(node, self.nodes_to_be_processed())
        parent = node.parent
        if node.children is not None:
            hears = type(self).pre_processing_of_child is not unheard
            for index, child in enumerate(node.children):
                if hears:
                    self.pre_processing_of_child(node, index)
                if type(child) is not str:
                    walk(self, child, index)
        if stop:
            node = self.process(node)
            node.parent = parent
            if parent:
                parent.children[child_id] = node
        return node

    def root_only(self, node):
        return self.process(node) if isinstance(node, self.nodes_to_be_processed()) else walk(self, node)

    walker.traverse_node_recursively = walk
    validators.ActionCountValidator.traverse = root_only
    validators.OverlappingPathsValidator.traverse = root_only


def hurry() -> None:
    for part in (_constant_lists, _known_hosts, _parsed_once, _cheap_copies, _short_walks):
        try:
            part()
        except (ImportError, AttributeError):
            pass
