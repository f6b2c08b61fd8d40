"""YAML laid out anew: another indentation, comments between, flow style.

Knows PyYAML's nodes; scalars keep their text, so that places inside them move
with it. What can't be moved safely gives a reason instead.
"""

import yaml


class CantMove(Exception):
    """The text, or a mark in it, doesn't lend itself to this."""


class Writer:
    """Writes nodes and remembers where each begins and ends."""

    def __init__(self, text):
        self.source, self.out, self.size = text, [], 0
        self.places = {}  # id(node): (begin, end)
        self.lines = 0

    def put(self, text):
        self.out.append(text)
        self.size += len(text)

    def scalar(self, node):
        begin, end = node.start_mark.index, node.end_mark.index
        text = self.source[begin:end]
        if "\n" in text or text[:1] in ("|", ">"):
            raise CantMove("a scalar of several lines")
        start = self.size
        self.put(text)
        self.places[id(node)] = (start, self.size)

    def comment(self, indent):
        self.lines += 1
        if self.lines % 3 == 0:
            self.put("%s# - it: \"is a comment\n" % (" " * indent))
        if self.lines % 7 == 0:
            self.put("\n")

    def block(self, node, indent):
        """At the beginning of a line, or behind '- ': a collection."""
        start = None
        if isinstance(node, yaml.MappingNode):
            for number, (key, value) in enumerate(node.value):
                if number:
                    self.comment(indent)
                    self.put(" " * indent)
                start = self.size if start is None else start
                self.scalar(key)
                self.put(":")
                self.value(value, indent + 4)
        else:
            for number, item in enumerate(node.value):
                if number:
                    self.comment(indent)
                    self.put(" " * indent)
                start = self.size if start is None else start
                self.put("-")
                if self.is_block(item):
                    self.put("   ")
                    self.block(item, indent + 4)
                else:
                    self.value(item, indent + 4)
        end = self.places[id(last_of(node))][1]
        self.places[id(node)] = (start, end)

    @staticmethod
    def is_block(node):
        return not isinstance(node, yaml.ScalarNode) \
            and not node.flow_style and node.value

    def value(self, node, indent):
        if self.is_block(node):
            self.put("\n")
            self.comment(indent)
            self.put(" " * indent)
            self.block(node, indent)
            return
        if not isinstance(node, yaml.ScalarNode) or node.start_mark.index \
                != node.end_mark.index:
            self.put(" ")
        self.flow(node)
        self.put("\n")

    def flow(self, node):
        if isinstance(node, yaml.ScalarNode):
            self.scalar(node)
            return
        start = self.size
        is_map = isinstance(node, yaml.MappingNode)
        self.put("{" if is_map else "[")
        for number, item in enumerate(node.value):
            if number:
                self.put(", ")
            if is_map:
                self.scalar(item[0])
                self.put(": ")
                self.flow(item[1])
            else:
                self.flow(item)
        self.put("}" if is_map else "]")
        self.places[id(node)] = (start, self.size)


def last_of(node):
    """The node that a block collection ends with."""
    while True:
        item = node.value[-1]
        node = item[1] if isinstance(item, tuple) else item
        if not Writer.is_block(node):
            return node


def end_of(node):
    """Where a node's text ends, without the blanks that YAML counts to it."""
    if Writer.is_block(node):
        node = last_of(node)
    return node.end_mark.index


def walk(node, pairs):
    """All nodes, keys before their values; pairs gets (key, value)."""
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise CantMove("a key that is no scalar")
            pairs.append((key, value))
            yield key
            yield from walk(value, pairs)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from walk(item, pairs)


def compose(text):
    try:
        for token in yaml.scan(text):
            if isinstance(token, (yaml.AliasToken, yaml.AnchorToken,
                                  yaml.TagToken, yaml.DirectiveToken,
                                  yaml.DocumentEndToken)):
                raise CantMove("anchors, tags or directives")
        root = yaml.compose(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CantMove("not sound YAML") from error
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CantMove("no mapping at the top")
    return root


def plain(node):
    """The values alone, to see whether two texts say the same."""
    if isinstance(node, yaml.ScalarNode):
        return (node.tag, node.value)
    if isinstance(node, yaml.MappingNode):
        return [(plain(k), plain(v)) for k, v in node.value]
    return [plain(n) for n in node.value], "list"


def move(mark, nodes, pairs, places):
    if mark.begin is None:
        return None, None
    for node in nodes:
        begin, end = node.start_mark.index, end_of(node)
        if isinstance(node, yaml.ScalarNode) \
                and begin <= mark.begin <= mark.end <= end \
                and (begin < end or mark.begin == mark.end):
            start = places[id(node)][0]
            return start + mark.begin - begin, start + mark.end - begin
    for node in nodes:
        if (node.start_mark.index, end_of(node)) == (mark.begin, mark.end):
            return places[id(node)]
    begins = [k for k, _ in pairs if k.start_mark.index == mark.begin]
    ends = [v for _, v in pairs if end_of(v) == mark.end]
    if begins and ends:
        return places[id(begins[0])][0], places[id(ends[-1])][1]
    raise CantMove("a mark that is no node's")


def lay_out(text, marks, flow):
    """The text anew and the places of the marks in it."""
    root = compose(text)
    pairs = []
    nodes = list(walk(root, pairs))
    writer = Writer(text)
    if flow:
        for key, value in root.value:
            writer.scalar(key)
            writer.put(": ")
            writer.flow(value)
            writer.put("\n")
    else:
        writer.put("# laid out anew\n")
        writer.block(root, 0)
    result = "".join(writer.out)
    try:
        same = plain(compose(result)) == plain(root)
    except CantMove:
        same = False
    if not same:
        raise CantMove("its text isn't safe in this style")
    return result, [move(m, nodes, pairs, writer.places) for m in marks]


def value_at(text, begin, end):
    """As in erlang_text: why that is no value for a macro, or None."""
    try:
        pairs = []
        nodes = list(walk(compose(text), pairs))
    except CantMove as why:
        return str(why)
    keys = {id(key) for key, _ in pairs}
    for node in nodes:
        if (node.start_mark.index, end_of(node)) != (begin, end):
            continue
        if id(node) in keys:
            return "a name"
        if begin == end:
            return "not a value"
        if "\n" in text[begin:end] or Writer.is_block(node):
            return "a value of several lines"
        return None
    return "not a value"
