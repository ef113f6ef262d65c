using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>The tags that want another template: parsed in full, since they fail only when reached.</summary>
internal sealed class LoaderStatementParser(TokenStream stream, ExpressionParser expressions)
{
    public LoaderStatement Parse()
    {
        var tag = stream.Next();
        var template = expressions.Expression();
        var names = new List<string>();
        switch (tag.Text)
        {
            case "include":
                if (stream.IsName("ignore") && stream.Look().IsName("missing"))
                {
                    stream.Next();
                    stream.Next();
                }

                SkipContext();
                break;
            case "import":
                stream.ExpectName("as");
                names.Add(expressions.TargetName().Name);
                SkipContext();
                break;
            case "from":
                stream.ExpectName("import");
                ImportedNames(names);
                break;
        }

        return new LoaderStatement(tag.Text, template, names, tag.Line);
    }

    private void ImportedNames(List<string> names)
    {
        for (var first = true; ; first = false)
        {
            if (!first)
            {
                stream.Expect(",");
            }

            if (!stream.Is(TokenType.Name))
            {
                stream.Expect(TokenType.Name);
            }

            if (SkipContext())
            {
                return;
            }

            var name = expressions.TargetName();
            if (name.Name.StartsWith('_'))
            {
                throw new TemplateException(
                    "TemplateAssertionError", "names starting with an underline can not be imported", name.Place.Line);
            }

            names.Add(stream.SkipIfName("as") ? expressions.TargetName().Name : name.Name);
            if (SkipContext() || !stream.Is(","))
            {
                return;
            }
        }
    }

    private bool SkipContext()
    {
        if (!(stream.IsName("with") || stream.IsName("without")) || !stream.Look().IsName("context"))
        {
            return false;
        }

        stream.Next();
        stream.Next();
        return true;
    }
}
