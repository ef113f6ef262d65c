using System.Reflection;

using TorchSharp;

namespace Workbench.Learning.Tests.Torch;

/// <summary>
/// The binding's public surface, member by member, against PublicApi.txt: what Learning may rely on, in TorchSharp's own names
/// and signatures. A wanted change is made in both: the failing test leaves the new text beside the old one.
/// </summary>
public class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_one_on_record()
    {
        var folder = Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Torch");
        var recorded = File.ReadAllLines(Path.Combine(folder, "PublicApi.txt"));
        var actual = typeof(torch).Assembly.GetExportedTypes().SelectMany(Describe).Order(StringComparer.Ordinal).ToArray();
        if (!actual.SequenceEqual(recorded))
        {
            var received = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
            File.WriteAllLines(received, actual);
            var lines = recorded.Except(actual).Select(line => $"- {line}").Concat(actual.Except(recorded).Select(line => $"+ {line}"));
            Assert.Fail($"PublicApi.txt is out of date; {received} holds the new text. The lines that differ:\n{string.Join('\n', lines)}");
        }
    }

    private static IEnumerable<string> Describe(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var name = NameOf(type);
        var bases = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? $" : {NameOf(b)}" : string.Empty;
        var kind = type.IsInterface ? "interface" : type.IsEnum ? $"enum({Enum.GetUnderlyingType(type).Name})" : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        yield return $"{name} = {kind}{bases}";
        foreach (var member in type.GetMembers(all))
        {
            switch (member)
            {
                case MethodInfo { IsSpecialName: false } or MethodInfo { Name: ['o', 'p', '_', ..] } when Visible((MethodInfo)member) && !member.Name.StartsWith('<'):
                    var method = (MethodInfo)member;
                    var generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : string.Empty;
                    yield return $"{name}.{Modifiers(method)}{method.Name}{generics}({Parameters(method)}) -> {NameOf(method.ReturnType)}";
                    break;
                case ConstructorInfo { IsStatic: false } constructor when Visible(constructor):
                    yield return $"{name}.{Access(constructor)}new({Parameters(constructor)})";
                    break;
                case PropertyInfo property when property.GetAccessors(true).Any(Visible):
                    var accessors = string.Join(' ', property.GetAccessors(true).Where(Visible).Select(a => a.Name.StartsWith("set_", StringComparison.Ordinal) ? "set" : "get").Order());
                    var indexes = string.Join(", ", property.GetIndexParameters().Select(p => NameOf(p.ParameterType)));
                    yield return $"{name}.{Modifiers(property.GetAccessors(true)[0])}{property.Name}{(indexes.Length > 0 ? $"[{indexes}]" : string.Empty)} {{ {accessors} }} : {NameOf(property.PropertyType)}";
                    break;
                case FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily:
                    var value = field.IsLiteral ? $" = {Convert.ToInt64(field.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)}" : string.Empty;
                    yield return $"{name}.{(field.IsStatic ? "static " : string.Empty)}{field.Name} : {NameOf(field.FieldType)}{value}";
                    break;
            }
        }
    }

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? string.Empty : "protected ";

    private static string Modifiers(MethodBase method) =>
        Access(method) + (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : string.Empty);

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        (p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : p.IsOut ? "out " : string.Empty) + NameOf(p.ParameterType) + " " + p.Name
        + (p.HasDefaultValue ? $" = {p.DefaultValue switch { null => "null", IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture), var v => v }}" : string.Empty)));

    private static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray || type.IsByRef)
        {
            return NameOf(type.GetElementType()!) + (type.IsByRef ? "&" : type.GetArrayRank() > 1 ? $"[{new string(',', type.GetArrayRank() - 1)}]" : "[]");
        }

        var name = type.Name.Split('`')[0];
        var outer = type.DeclaringType is { } declaring ? NameOf(declaring).Split('<')[0] + "." : type.Namespace is "System" ? string.Empty : type.Namespace + ".";
        var arguments = type.GetGenericArguments();
        return outer + name + (arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(NameOf))}>" : string.Empty);
    }
}
