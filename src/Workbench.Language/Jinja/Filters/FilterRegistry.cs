using System.Collections.Frozen;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>The filters that exist: Jinja2's own, with <c>tojson</c> as transformers replaces it.</summary>
internal static class FilterRegistry
{
    private static readonly FrozenDictionary<string, FilterDefinition> All = new[]
    {
        FilterDefinition.Builtin("abs", "abs", NumberFilters.Abs),
        FilterDefinition.Of("attr", "do_attr(|, obj, name)", ItemFilters.Attr),
        FilterDefinition.Of("batch", "do_batch(value, linecount, fill_with=None)", ItemFilters.Batch),
        FilterDefinition.Of("capitalize", "do_capitalize(s)", TextFilters.Capitalize),
        FilterDefinition.Of("center", "do_center(value, width=80)", TextFilters.Center),
        FilterDefinition.Builtin("count", "len", ItemFilters.Length),
        FilterDefinition.Of("d", "do_default(value, default_value='', boolean=False)", ItemFilters.Default),
        FilterDefinition.Of("default", "do_default(value, default_value='', boolean=False)", ItemFilters.Default),
        FilterDefinition.Of("dictsort", "do_dictsort(value, case_sensitive=False, by='key', reverse=False)", OrderFilters.DictSort),
        FilterDefinition.Of("e", "escape(s)", (context, a) => StringOperations.Escape(context, a[0]!)),
        FilterDefinition.Of("escape", "escape(s)", (context, a) => StringOperations.Escape(context, a[0]!)),
        FilterDefinition.Of("filesizeformat", "do_filesizeformat(value, binary=False)", NumberFilters.FileSizeFormat),
        FilterDefinition.Of("first", "sync_do_first(|, seq)", ItemFilters.First),
        FilterDefinition.Of("float", "do_float(value, default=0.0)", NumberFilters.Float),
        FilterDefinition.Of("forceescape", "do_forceescape(value)", TextFilters.ForceEscape),
        FilterDefinition.Open("format", "do_format", TextFilters.Format),
        FilterDefinition.Of("groupby", "sync_do_groupby(|, value, attribute, default=None, case_sensitive=False)", OrderFilters.GroupBy),
        FilterDefinition.Of("indent", "do_indent(s, width=4, first=False, blank=False)", LayoutFilters.Indent),
        FilterDefinition.Of("int", "do_int(value, default=0, base=10)", NumberFilters.Int),
        FilterDefinition.Of("items", "do_items(value)", ItemFilters.Items),
        FilterDefinition.Of("join", "sync_do_join(|, value, d='', attribute=None)", TextFilters.Join),
        FilterDefinition.Of("last", "do_last(|, seq)", ItemFilters.Last),
        FilterDefinition.Builtin("length", "len", ItemFilters.Length),
        FilterDefinition.Of("list", "sync_do_list(value)", ItemFilters.List),
        FilterDefinition.Of("lower", "do_lower(s)", TextFilters.Lower),
        FilterDefinition.Open("map", "sync_do_map", SelectionFilters.Map, passesContext: true),
        FilterDefinition.Of("max", "do_max(|, value, case_sensitive=False, attribute=None)", (context, a) => OrderFilters.Extreme(context, a, largest: true)),
        FilterDefinition.Of("min", "do_min(|, value, case_sensitive=False, attribute=None)", (context, a) => OrderFilters.Extreme(context, a, largest: false)),
        FilterDefinition.Of("pprint", "do_pprint(value)", (context, a) => PrettyPrinter.Print(context, a[0]!)),
        FilterDefinition.Of("random", "do_random(|, seq)", ItemFilters.Random, passesContext: true),
        FilterDefinition.Open("reject", "sync_do_reject", (RenderContext c, Value v, in Arguments a) => SelectionFilters.Select(c, v, a, attribute: false, keep: false), passesContext: true),
        FilterDefinition.Open("rejectattr", "sync_do_rejectattr", (RenderContext c, Value v, in Arguments a) => SelectionFilters.Select(c, v, a, attribute: true, keep: false), passesContext: true),
        FilterDefinition.Of("replace", "do_replace(|, s, old, new, count=None)", TextFilters.Replace),
        FilterDefinition.Of("reverse", "do_reverse(value)", ItemFilters.Reverse),
        FilterDefinition.Of("round", "do_round(value, precision=0, method='common')", NumberFilters.Round),
        FilterDefinition.Of("safe", "do_mark_safe(value)", (context, a) => a[0]!.ToStr(context).AsMarkup()),
        FilterDefinition.Open("select", "sync_do_select", (RenderContext c, Value v, in Arguments a) => SelectionFilters.Select(c, v, a, attribute: false, keep: true), passesContext: true),
        FilterDefinition.Open("selectattr", "sync_do_selectattr", (RenderContext c, Value v, in Arguments a) => SelectionFilters.Select(c, v, a, attribute: true, keep: true), passesContext: true),
        FilterDefinition.Of("slice", "sync_do_slice(value, slices, fill_with=None)", ItemFilters.Slice),
        FilterDefinition.Of("sort", "do_sort(|, value, reverse=False, case_sensitive=False, attribute=None)", OrderFilters.Sort),
        FilterDefinition.Of("string", "soft_str(s)", (context, a) => a[0]!.ToStr(context)),
        FilterDefinition.Of("striptags", "do_striptags(value)", (context, a) => MarkupText.StripTags(context, a[0]!.ToStr(context))),
        FilterDefinition.Of("sum", "sync_do_sum(|, iterable, attribute=None, start=0)", NumberFilters.Sum),
        FilterDefinition.Of("title", "do_title(s)", TextFilters.Title),
        FilterDefinition.Of("tojson", "_tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False)", JsonWriter.ToJson),
        FilterDefinition.Of("trim", "do_trim(value, chars=None)", TextFilters.Trim),
        FilterDefinition.Of("truncate", "do_truncate(|, s, length=255, killwords=False, end='...', leeway=None)", LayoutFilters.Truncate),
        FilterDefinition.Of("unique", "sync_do_unique(|, value, case_sensitive=False, attribute=None)", OrderFilters.Unique),
        FilterDefinition.Of("upper", "do_upper(s)", TextFilters.Upper),
        FilterDefinition.Of("urlencode", "do_urlencode(value)", UrlFilters.UrlEncode),
        FilterDefinition.Of("urlize", "do_urlize(|, value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None)", UrlFilters.Urlize),
        FilterDefinition.Of("wordcount", "do_wordcount(s)", TextFilters.WordCount),
        FilterDefinition.Of("wordwrap", "do_wordwrap(|, s, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True)", LayoutFilters.WordWrap),
        FilterDefinition.Of("xmlattr", "do_xmlattr(|, d, autospace=True)", TextFilters.XmlAttr),
    }.ToFrozenDictionary(filter => filter.Name);

    public static FilterDefinition? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Names in alphabetical order.</summary>
    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);
}
