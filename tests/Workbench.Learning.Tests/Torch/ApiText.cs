using System.Globalization;
using System.Reflection;

namespace Workbench.Learning.Tests.Torch;

/// <summary>A type's public surface as lines of text, one a member, in no order.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Lines(Type type)
    {
        var name = NameOf(type);
        yield return $"{name} = {KindOf(type)}{BaseOf(type)}";
        foreach (var text in type.GetMembers(Declared).Select(TextOf).OfType<string>())
        {
            yield return $"{name}.{text}";
        }
    }

    private static string? TextOf(MemberInfo member) => member switch
    {
        MethodInfo method when IsListed(method) =>
            $"{Modifiers(method)}{method.Name}{GenericsOf(method)}({Parameters(method)}) -> {NameOf(method.ReturnType)}",
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) =>
            $"{Access(constructor)}new({Parameters(constructor)})",
        PropertyInfo property when property.GetAccessors(true).Where(IsVisible).ToArray() is { Length: > 0 } accessors =>
            TextOf(property, accessors),
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily =>
            $"{(field.IsStatic ? "static " : "")}{field.Name} : {NameOf(field.FieldType)}{ValueOf(field)}",
        _ => null,
    };

    private static string TextOf(PropertyInfo property, MethodInfo[] accessors)
    {
        var verbs = accessors
            .Select(accessor => accessor.Name.Contains("set_", StringComparison.Ordinal) ? "set" : "get").Order();
        var indexes = string.Join(", ", property.GetIndexParameters().Select(p => NameOf(p.ParameterType)));
        var brackets = indexes.Length > 0 ? $"[{indexes}]" : "";
        var head = $"{Modifiers(accessors[0])}{property.Name}{brackets}";
        return $"{head} {{ {string.Join(' ', verbs)} }} : {NameOf(property.PropertyType)}";
    }

    // Accessors show with their properties; operators are methods, though special ones.
    private static bool IsListed(MethodInfo method) =>
        IsVisible(method) && !method.Name.StartsWith('<')
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string KindOf(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? $"enum({Enum.GetUnderlyingType(type).Name})"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string BaseOf(Type type) =>
        type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? $" : {NameOf(b)}" : "";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method) => Access(method)
        + (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static string GenericsOf(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : "";
        var suffix = parameter.HasDefaultValue ? $" = {Invariant(parameter.DefaultValue)}" : "";
        return $"{prefix}{NameOf(parameter.ParameterType)} {parameter.Name}{suffix}";
    }));

    private static string ValueOf(FieldInfo field) =>
        field.IsLiteral ? $" = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}" : "";

    private static string? Invariant(object? value) =>
        value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray || type.IsByRef)
        {
            var suffix = type.IsByRef ? "&" : $"[{new string(',', type.GetArrayRank() - 1)}]";
            return NameOf(type.GetElementType()!) + suffix;
        }

        var outer = type.DeclaringType is { } declaring ? NameOf(declaring).Split('<')[0] + "."
            : type.Namespace is "System" ? ""
            : type.Namespace + ".";
        var arguments = type.GetGenericArguments();
        return outer + type.Name.Split('`')[0] + (arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(NameOf))}>" : "");
    }
}
