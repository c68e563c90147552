// Pipelines as JSON: what Groovy reads, before anything is run. Jenkins' own ModelParser begins with the same tree.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.Phases

class Reading {

  static List block(Statement it) {
    List<Statement> all = it instanceof BlockStatement ? it.statements : [it]
    all.findAll { !(it instanceof EmptyStatement) }.collect { statement(it) }
  }

  static Map statement(Statement it) {
    switch (it) {
      case ExpressionStatement:
      case ReturnStatement:
        return sentence(it.expression)
      case IfStatement:
        return [name: 'if', line: it.lineNumber, args: [it.booleanExpression.text],
                body: block(it.ifBlock) + (it.elseBlock instanceof EmptyStatement ? [] : block(it.elseBlock))]
      default:
        return [name: it.class.simpleName, line: it.lineNumber, args: [it.text]]
    }
  }

  static Map sentence(Expression it) {
    switch (it) {
      case MethodCallExpression:
        return call(it)
      case BinaryExpression:
        return [name: it.leftExpression.text, line: it.lineNumber, operation: it.operation.text,
                args: [value(it.rightExpression)]]
      default:
        return [name: it.text, line: it.lineNumber]
    }
  }

  static Map call(MethodCallExpression it) {
    List<Expression> given = it.arguments instanceof TupleExpression ? it.arguments.expressions : [it.arguments]
    Expression last = given ? given.last() : null
    Map made = [name: it.methodAsString, line: it.lineNumber]
    if (!it.implicitThis) made.on = sentence(it.objectExpression)
    if (last instanceof ClosureExpression) made.body = block(last.code)
    List<Expression> words = last instanceof ClosureExpression ? given.init() : given
    if (words) made.args = words.collect { value(it) }
    return made
  }

  static Object value(Expression it) {
    switch (it) {
      case ConstantExpression: return it.value
      case MapExpression: return it.mapEntryExpressions.collectEntries { [(it.keyExpression.text): value(it.valueExpression)] }
      case ListExpression: return it.expressions.collect { value(it) }
      case MethodCallExpression: return call(it)
      default: return [expression: it.text]
    }
  }

}

static List read(String text) {
  CompilationUnit unit = new CompilationUnit()
  unit.addSource('Jenkinsfile', text)
  unit.compile(Phases.CONVERSION)
  Reading.block(unit.AST.modules[0].statementBlock)
}

// A list of texts in, a list of models out: starting Java costs more than reading a pipeline.
List<String> texts = new JsonSlurper().parse(System.in, 'UTF-8')
println JsonOutput.toJson(texts.collect { read(it) })
